// Callbacks of trunk's loader (data-initializer in index.html). shell.js shows what they tell.
export default () => ({
    onProgress: detail => dispatchEvent(new CustomEvent("shell-progress", { detail })),
    // The loader keeps the error to itself.
    onFailure: reportError,
});
