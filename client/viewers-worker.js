// Runs a task of the module ws-echo-viewers in a worker. The page starts it when a task needs it, and terminates it to cancel the task.
// Input: the name of the task, and its bytes. Output: the result, a text; or the position of a fault in the bytes, a number; or null if
// the task could not be run.
import start, { run } from "./ws-echo-viewers.js";

onmessage = async ({ data: [task, bytes] }) => {
    let result = null;
    try {
        await start();
        result = run(task, bytes);
    } catch (error) {
        if (typeof error === "number") result = error;
        else console.error(error);
    }
    postMessage(result);
};
