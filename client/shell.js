// Runs before anything is painted, and stays in charge until the page has started. The page's policy allows it by its hash.
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

    // What the outline says (style/shell.css): loading, slow, failed or blocked.
    const PATIENCE_MS = 10_000;
    let timer;
    const say = state => {
        clearTimeout(timer);
        root.dataset.shell = state;
    };
    const wait = () => {
        say("loading");
        timer = setTimeout(say, PATIENCE_MS, "slow");
    };
    const fail = error => {
        const isBlocked = typeof WebAssembly !== "object" || error instanceof WebAssembly.CompileError;
        say(isBlocked ? "blocked" : "failed");
    };
    const hasStarted = () => document.readyState !== "loading" && !document.querySelector(".shell");

    // From initializer.js. Its total is the size before wasm-opt, so only the loaded part is known.
    addEventListener("shell-progress", ({ detail: { current } }) => {
        // The download may go on after a failure.
        if (["failed", "blocked"].includes(root.dataset.shell)) {
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
        if (!hasStarted() && (event.error || event.target instanceof HTMLScriptElement)) {
            fail(event.error);
        }
    }, true);
    // A download that breaks off is an unhandled rejection in trunk's code.
    addEventListener("unhandledrejection", event => {
        if (!hasStarted()) {
            fail(event.reason);
        }
    });
    addEventListener("TrunkApplicationStarted", () => clearTimeout(timer));
    addEventListener("click", event => {
        if (event.target.closest("[data-do=reload]")) {
            location.reload();
        }
    });
    wait();
})();
