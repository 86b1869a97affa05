// Keeps the log of each tab over a reload, in IndexedDB, if the user asks for it (client/src/log/use_kept.rs): texts under [tab, number],
// and under [tab, 0] the time of the last one. All functions return promises.
globalThis.logStore = (() => {
    const DAY_MS = 86_400_000;
    let opened;
    const open = () => opened ??= new Promise((resolve, reject) => {
        const request = indexedDB.open("ws-echo", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("log");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    // Gives the results of the requests that `act` returns. One that makes no others is committed at once: the page may be about to end.
    const run = async (act, isAll = true) => {
        const transaction = (await open()).transaction("log", "readwrite");
        return new Promise((resolve, reject) => {
            const requests = act(transaction.objectStore("log"));
            if (isAll) {
                transaction.commit?.();
            }
            transaction.oncomplete = () => resolve(requests.map(request => request.result));
            transaction.onabort = () => reject(transaction.error);
        });
    };
    // Up to an array, which is behind every number.
    const from = (tab, number) => IDBKeyRange.bound([tab, number], [tab, []]);
    return {
        // Gives the keys and the texts.
        read: tab => run(store => [store.getAllKeys(from(tab, 1)), store.getAll(from(tab, 1))]),
        write: (tab, number, text) => run(store => [store.put(Date.now(), [tab, 0]), store.put(text, [tab, number])]),
        // Removes the texts with numbers below this one.
        remove: (tab, below) => run(store => [store.delete(IDBKeyRange.bound([tab, 1], [tab, below], false, true))]),
        clear: () => run(store => [store.clear()]),
        // Removes what other tabs have left that wrote nothing for a day.
        tidy: own => run(store => {
            const keys = store.getAllKeys();
            keys.onsuccess = () => {
                for (const [tab] of keys.result.filter(([tab, number]) => number === 0 && tab !== own)) {
                    store.get([tab, 0]).onsuccess = ({ target }) => {
                        if (target.result < Date.now() - DAY_MS) {
                            store.delete(from(tab, 0));
                        }
                    };
                }
            };
            return [keys];
        }, false),
    };
})();
