// Matches texts with a regular expression in a worker. Some expressions take years even for a short text, and JavaScript has no
// time limit for them, but the page can terminate a worker.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

// Input: the source and the flags of the expression, the texts in one buffer, and the end of each of them.
// Output: the indices of the matching texts, or an error message.
onmessage = ({ data: [source, flags, bytes, ends] }) => {
    try {
        const pattern = new RegExp(source, flags);
        const matched = [];
        let start = 0;
        ends.forEach((end, index) => {
            if (pattern.test(decoder.decode(bytes.subarray(start, end)))) {
                matched.push(index);
            }
            start = end;
        });
        postMessage(new Uint32Array(matched));
    } catch (error) {
        postMessage(String(error.message));
    }
};

// Tells the page to start its clock: the time to load this file does not count.
postMessage(null);
