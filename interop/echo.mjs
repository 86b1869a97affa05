// Echoes through the Node client `ws`. Usage: node echo.mjs URL, with NODE_PATH set to the folder that contains ws.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";

const WebSocket = createRequire(import.meta.url)("ws");
const url = process.argv[2];
const lengths = [0, 1, 125, 126, 65_535, 65_536, 16 << 20];

setTimeout(() => {
    console.error("no end within 60 s");
    process.exit(1);
}, 60_000).unref();

const client = new WebSocket(url);
await once(client, "open");

async function echo(message) {
    const answer = once(client, "message");
    client.send(message);
    const [data, isBinary] = await answer;
    assert.equal(isBinary, typeof message !== "string");
    assert.ok(data.equals(Buffer.from(message)), `${isBinary ? "binary" : "text"} of ${message.length} bytes`);
}

for (const length of lengths) {
    await echo("0123456789abcdef".repeat(length / 16 + 1).slice(0, length));
    await echo(Buffer.alloc(length, Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index))));
}

const whole = once(client, "message");
for (const [part, fin] of [["frag", false], ["men", false], ["ts 🦀", true]]) {
    client.send(part, { fin });
}
assert.equal((await whole)[0].toString(), "fragments 🦀");

const pong = once(client, "pong");
client.ping("are you there");
assert.equal((await pong)[0].toString(), "are you there");
client.terminate();

// The client compresses with the window sizes that the server's answer contains.
const far = randomBytes(3000);
for (const serverMaxWindowBits of [undefined, 8, 9, 12, 15]) {
    for (const clientMaxWindowBits of [false, true, 8, 9, 12, 15]) {
        const perMessageDeflate = { threshold: 0, serverMaxWindowBits, clientMaxWindowBits };
        const socket = new WebSocket(url, { perMessageDeflate });
        await once(socket, "open");
        for (const message of ["", "text ".repeat(1000), Buffer.concat([far, far, far]), "behind"]) {
            const answer = once(socket, "message");
            socket.send(message);
            assert.ok((await answer)[0].equals(Buffer.from(message)), JSON.stringify(perMessageDeflate));
        }
        socket.terminate();
    }
}

for (const [code, reason] of [[1000, "done"], [1001, ""], [3000, ""], [4999, "¡adiós!"]]) {
    const socket = new WebSocket(url);
    await once(socket, "open");
    socket.close(code, reason);
    const [seen, why] = await once(socket, "close");
    assert.deepEqual([seen, why.toString()], [code, reason]);
}
