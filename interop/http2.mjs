// Echoes over HTTP/2 (RFC 8441) through Node's http2, on several streams of one session. Usage: node http2.mjs BASE [LONGEST], where BASE is
// http://ADDRESS for prior knowledge or https://ADDRESS for ALPN, and LONGEST is the length of the longest message in bytes.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http2 from "node:http2";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const [base, longest = 16 << 20] = process.argv.slice(2);
const lengths = [0, 1, 125, 126, 65_535, 65_536, 1 << 20, 16 << 20].filter((length) => length <= longest);
const [TEXT, BINARY, CLOSE, PING, PONG] = [1, 2, 8, 9, 10];

setTimeout(() => {
    console.error("no end within 60 s");
    process.exit(1);
}, 60_000).unref();

// The certificates of tests are self-signed.
const session = http2.connect(base, { rejectUnauthorized: false });
const [settings] = await once(session, "remoteSettings");
assert.equal(settings.enableConnectProtocol, true, "SETTINGS_ENABLE_CONNECT_PROTOCOL");
// The window of the session; 64 KiB would be a round trip for each.
session.setLocalWindowSize(1 << 20);

// A masked frame of a client (RFC 6455 section 5.2).
function frame(first, payload) {
    const key = randomBytes(4);
    let head;
    if (payload.length < 126) {
        head = Buffer.from([first, 0x80 | payload.length]);
    } else if (payload.length < 1 << 16) {
        head = Buffer.from([first, 0xfe, payload.length >> 8, payload.length & 0xff]);
    } else {
        head = Buffer.alloc(10);
        head[0] = first;
        head[1] = 0xff;
        head.writeBigUInt64BE(BigInt(payload.length), 2);
    }
    const masked = Buffer.from(payload);
    for (let index = 0; index < masked.length; index += 1) {
        masked[index] ^= key[index & 3];
    }
    return Buffer.concat([head, key, masked]);
}

// A WebSocket on a stream.
class Socket {
    static async open(fields = {}) {
        const stream = session.request({
            ":method": "CONNECT",
            ":protocol": "websocket",
            ":path": "/echo",
            "sec-websocket-version": "13",
            ...fields,
        });
        const [headers] = await once(stream, "response");
        return new Socket(stream, headers);
    }

    constructor(stream, headers) {
        [this.stream, this.headers] = [stream, headers];
        this.chunks = stream[Symbol.asyncIterator]();
        this.rest = Buffer.alloc(0);
    }

    send(first, payload) {
        this.stream.write(frame(first, Buffer.from(payload)));
    }

    async take(length) {
        const parts = [this.rest];
        let have = this.rest.length;
        while (have < length) {
            const { done, value } = await this.chunks.next();
            assert.ok(!done, "the stream has ended");
            parts.push(value);
            have += value.length;
        }
        const all = Buffer.concat(parts);
        this.rest = all.subarray(length);
        return all.subarray(0, length);
    }

    async receive() {
        const [first, second] = await this.take(2);
        assert.equal(second & 0x80, 0, "a server does not mask");
        let length = second;
        if (length === 126) {
            length = (await this.take(2)).readUInt16BE();
        } else if (length === 127) {
            length = Number((await this.take(8)).readBigUInt64BE());
        }
        return { first, payload: await this.take(length) };
    }

    async echo(first, payload) {
        this.send(first, payload);
        const answer = await this.receive();
        assert.equal(answer.first, first);
        assert.ok(answer.payload.equals(Buffer.from(payload)), `${payload.length} bytes`);
    }

    // Closes, and expects the same frame and the end of the stream.
    async close(payload) {
        await this.echo(0x80 | CLOSE, payload);
        assert.ok((await this.chunks.next()).done, "the server ends its side");
        this.stream.end();
    }
}

// The page, the API and refusals have the statuses of HTTP/1.1.
async function status(fields) {
    const stream = session.request(fields);
    stream.end();
    const [headers] = await once(stream, "response");
    stream.resume();
    await once(stream, "close");
    return headers[":status"];
}
assert.equal(await status({ ":path": "/api/info" }), 200);
assert.equal(await status({ ":path": "/echo" }), 426);
const refused = await Socket.open({ ":path": "/nothing" });
assert.equal(refused.headers[":status"], 404);
refused.stream.close();

const socket = await Socket.open({ "sec-websocket-protocol": "chat.v1, chat.v2" });
assert.equal(socket.headers[":status"], 200);
assert.equal(socket.headers["sec-websocket-protocol"], "chat.v1");
// Several streams at once.
const others = await Promise.all(Array.from({ length: 20 }, () => Socket.open()));
await Promise.all(others.map((other, number) => other.echo(0x80 | TEXT, `stream ${number}`)));
for (const length of lengths) {
    await socket.echo(0x80 | TEXT, Buffer.alloc(length, "0123456789abcdef"));
    await socket.echo(0x80 | BINARY, randomBytes(length));
}
for (const [first, part] of [[TEXT, "frag"], [0, "men"], [0x80, "ts 🦀"]]) {
    await socket.echo(first, part);
}
socket.send(0x80 | PING, "are you there");
const pong = await socket.receive();
assert.deepEqual([pong.first, pong.payload.toString()], [0x80 | PONG, "are you there"]);

for (const [code, reason] of [[1000, "done"], [1001, ""], [3000, ""], [4999, "¡adiós!"]]) {
    const closed = await Socket.open();
    const body = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
    await closed.close(body);
}
await socket.close("");

const compressed = await Socket.open({ "sec-websocket-extensions": "permessage-deflate" });
assert.ok(compressed.headers["sec-websocket-extensions"].startsWith("permessage-deflate"));
const deflated = deflateRawSync("text ".repeat(1000), { finishFlush: 2 }).subarray(0, -4);
compressed.send(0xc0 | TEXT, deflated);
const answer = await compressed.receive();
assert.equal(answer.first, 0xc0 | TEXT);
const inflated = inflateRawSync(Buffer.concat([answer.payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: 2 });
assert.equal(inflated.toString(), "text ".repeat(1000));

// A stream that breaks the protocol ends with its own code, and the others go on.
const bad = await Socket.open();
bad.stream.write(Buffer.from([0x81, 1, 0x61]));
const close = await bad.receive();
assert.equal(close.payload.readUInt16BE(), 1002);
await others[0].echo(0x80 | TEXT, "still here");
session.destroy();
