// Matches texts with a regular expression, away from the page. Some expressions take years for a short text, and JavaScript has no
// limit for that; but a worker can be ended by the page.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

// In: the source and the flags of the expression, the texts one behind the other, and where each of them ends.
// Out: the indices of the texts that it matches, or why it could not be done.
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

// The page's clock runs from here on: the time that it takes to load this file does not count.
postMessage(null);
