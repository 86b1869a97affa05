// Matches texts with a regular expression in a worker. Some expressions take years even for a short text, and JavaScript has no
// time limit for them, but the page can terminate a worker.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const length = (text) => encoder.encode(text).length;

// Input: the source and the flags of the expression, the texts in one buffer, and the end of each of them.
// Output: for each matching text its index, and the start and the end of the match in bytes; or an error message.
onmessage = ({ data: [source, flags, bytes, ends] }) => {
    try {
        const pattern = new RegExp(source, flags);
        const matched = [];
        let start = 0;
        ends.forEach((end, index) => {
            const match = pattern.exec(decoder.decode(bytes.subarray(start, end)));
            if (match) {
                const before = length(match.input.slice(0, match.index));
                matched.push(index, before, before + length(match[0]));
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
