// Runs the page's own WebAssembly module in a worker, for its WebSocket (session/worker.rs).
// Input: the URL of the module's script, and the module. Everything after that is for the module.
onmessage = async ({ data: [script, module] }) => {
    onmessage = null;
    const { default: start } = await import(script);
    await start({ module_or_path: module });
};
