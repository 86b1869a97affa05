// Runs before anything is painted. Says what happens until the page has started, and if an error stops it later. The page's policy
// allows this script by its hash.
(() => {
    const root = document.documentElement;

    // The stored theme and language (use_settings.rs), so that neither changes when the page starts.
    let stored;
    try {
        stored = JSON.parse(localStorage.getItem("ws-echo.settings"));
    } catch {
        // The storage is forbidden or damaged.
    }
    const languages = { en: "en", zh: "zh-CN" };
    const preferred = (navigator.languages ?? []).map(tag => languages[tag.split("-")[0].toLowerCase()]);
    root.lang = Object.values(languages).find(tag => tag === stored?.language) ?? preferred.find(Boolean) ?? "en";
    if (["light", "dark"].includes(stored?.theme)) {
        root.dataset.theme = stored.theme;
    }
    // The page's texts, which main.rs takes, load beside its module.
    const texts = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `texts/${root.lang}.txt` });
    document.head.append(texts);

    // What the outline says (style/shell.css): loading, slow, failed or blocked.
    const PATIENCE_MS = 10_000;
    let timer;
    const say = state => {
        clearTimeout(timer);
        root.dataset.shell = state;
    };
    const wait = () => {
        say("loading");
        timer = setTimeout(() => hasStarted() || say("slow"), PATIENCE_MS);
    };
    const fail = error => {
        const isBlocked = typeof WebAssembly !== "object" || error instanceof WebAssembly.CompileError;
        say(isBlocked ? "blocked" : "failed");
    };

    // A trap of WebAssembly ends the page: a panic, or a failed allocation. Its functions can still be called (rescue.rs).
    const rescue = name => {
        try {
            return wasmBindings[name]();
        } catch (error) {
            console.error(error);
        }
    };
    const stop = () => {
        if (document.querySelector(".stopped")) {
            return;
        }
        // The rest of the document is inert while one is open.
        document.querySelectorAll("dialog:modal").forEach(dialog => dialog.close());
        document.body.append(document.importNode(document.querySelector("#stopped").content, true));
        document.querySelector(".stopped").showPopover?.();
        rescue("disconnectAfterTrap");
    };
    const save = () => {
        document.querySelector(".stopped").dataset.log = rescue("saveLogAfterTrap") ? "saved" : "unsaved";
    };

    const hasStarted = () => document.readyState !== "loading" && !document.querySelector(".shell");

    const tell = error => {
        if (!hasStarted()) {
            fail(error);
        } else if (error instanceof WebAssembly.RuntimeError) {
            stop();
        }
    };

    // The download may go on after a failure, and the event of the start comes then, too.
    const hasFailed = () => ["failed", "blocked"].includes(root.dataset.shell);

    // From initializer.js. Its total is the size before wasm-opt, so only the loaded part is known.
    addEventListener("shell-progress", ({ detail: { current } }) => {
        if (hasFailed()) {
            return;
        }
        wait();
        const loaded = document.querySelector("#loaded");
        if (loaded) {
            loaded.textContent = `${Math.round(current / 1024)} KiB`;
        }
    });
    // A script that does not load tells its own element alone. A preload that does not load is tried again.
    addEventListener("error", event => {
        if (event.error || event.target instanceof HTMLScriptElement) {
            tell(event.error);
        }
    }, true);
    // A download that breaks off is an unhandled rejection in trunk's code.
    addEventListener("unhandledrejection", event => tell(event.reason));
    // The texts may still be on their way.
    addEventListener("TrunkApplicationStarted", () => hasFailed() || wait());
    addEventListener("click", event => {
        switch (event.target.closest("[data-do]")?.dataset.do) {
            case "reload":
                location.reload();
                break;
            case "save":
                save();
        }
    });
    wait();
})();
