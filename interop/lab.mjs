// Runs every scenario of the lab with the Node client `ws`. Usage: node lab.mjs URL, such as ws://127.0.0.1:8080, with NODE_PATH set to
// the folder that contains ws.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";

const WebSocket = createRequire(import.meta.url)("ws");
const base = process.argv[2];

// The code with which the client fails the connection. null: it does not notice.
const violations = {
    rsv1: 1002,
    rsv2: 1002,
    rsv3: 1002,
    opcode3: 1002,
    opcode11: 1002,
    masked: 1002,
    long_ping: 1002,
    fragmented_ping: 1002,
    bad_utf8: 1007,
    split_utf8: null,
    orphan_continuation: 1002,
    nested_text: 1002,
    close_1byte: 1002,
    close_1005: 1002,
    close_bad_utf8: 1007,
    after_close: null,
    len_not_minimal: null,
    len_63bit: 1009,
    huge: 1009,
};

// Connects, and collects the messages. `closed` is the code and the reason of the end.
async function open(target, protocols = [], options = {}) {
    const socket = new WebSocket(`${base}/lab/${target}`, protocols, { perMessageDeflate: false, ...options });
    const client = { socket, messages: [], wake: () => {} };
    socket.on("message", (data, isBinary) => {
        client.messages.push(isBinary ? data : data.toString());
        client.wake();
    });
    socket.on("error", (error) => (client.error = error));
    client.closed = new Promise((resolve) => socket.on("close", (code, reason) => {
        resolve([code, reason.toString()]);
        client.isClosed = true;
        client.wake();
    }));
    socket.on("upgrade", (response) => (client.headers = response.headers));
    const refused = new Promise((resolve) => socket.on("unexpected-response", (_, response) => resolve(response)));
    // An unexpected response comes without an error, and everything else with one.
    client.response = await Promise.race([once(socket, "open").then(() => null, () => null), refused]);
    return client;
}

async function next(client) {
    while (client.messages.length === 0) {
        assert.ok(!client.isClosed, `a message, and not the end: ${client.error}`);
        await new Promise((resolve) => (client.wake = resolve));
    }
    return client.messages.shift();
}

async function echoes(target, protocols, options) {
    const client = await open(target, protocols, options);
    client.socket.send("héllo");
    assert.equal(await next(client), "héllo", target);
    client.socket.terminate();
    return client;
}

async function refused(target, status, protocols, options) {
    const { response } = await open(target, protocols, options);
    assert.equal(response?.statusCode, status, target);
    response.destroy();
    return response;
}

async function closed(target, code, reason = "") {
    const client = await open(target);
    assert.deepEqual(await client.closed, [code, reason], target);
}

async function since(began, least, what) {
    assert.ok(performance.now() - began >= least, what);
}

const scenarios = {
    async push() {
        const client = await open("push?every=10ms&count=3&size=5");
        for (const seq of [1, 2, 3]) {
            const message = JSON.parse(await next(client));
            assert.equal(message.seq, seq);
            assert.equal(parseInt(message.crc32, 16), crc32(message.pad));
        }
        assert.equal((await client.closed)[0], 1000);
    },
    async delay() {
        const began = performance.now();
        await echoes("delay?by=100ms");
        await since(began, 100, "late");
    },
    async inspect() {
        const client = await open("inspect", ["a", "b"], { headers: { "X-Test": "1" } });
        const request = JSON.parse(await next(client));
        assert.ok(request.headers.some(([name, value]) => name === "X-Test" && value === "1"));
        assert.deepEqual([request.offered_subprotocols, request.subprotocol], [["a", "b"], "a"]);
        client.socket.terminate();
    },
    async handshake() {
        const { headers } = await echoes("handshake?header=X-One:1&pad=4KiB");
        assert.deepEqual([headers["x-one"], headers["x-pad"].length], ["1", 4096]);
        for (const query of ["accept=wrong", "accept=missing", "subprotocol=never.offered"]) {
            const client = await open(`handshake?${query}`);
            assert.ok(client.error, query);
        }
    },
    async close() {
        await closed("close?code=4001&reason=bye", 4001, "bye");
        await closed("close?mode=fin", 1006);
        await closed("close?mode=rst", 1006);
        await closed("close?after_time=50ms&code=0", 1005);
        await closed("close?mode=half&code=4000", 4000);
        const client = await open("close?mode=ignore");
        client.socket.close(1000);
        assert.equal(await Promise.race([client.closed, sleep(200, "still open")]), "still open");
        client.socket.terminate();
    },
    async refuse() {
        const response = await refused("refuse?status=503&retry_after=5", 503);
        assert.equal(response.headers["retry-after"], "5");
        await refused("refuse?status=404", 404);
    },
    async auth() {
        const response = await refused("auth", 401);
        assert.ok(response.headers["www-authenticate"].startsWith("Basic "));
        await echoes("auth", [], { auth: "u:p" });
        await echoes("auth?scheme=cookie", [], { headers: { Cookie: "session=p" } });
        await echoes("auth?scheme=query&token=p");
        await echoes("auth?scheme=subprotocol", ["chat", "bearer.p"]);
        await refused("auth?scheme=subprotocol", 403, ["chat"]);
    },
    async early() {
        for (const target of ["early", "early?split=30&pause=100ms"]) {
            const client = await open(target);
            for (const number of [1, 2, 3]) {
                assert.equal(await next(client), `early ${number}`, target);
            }
            client.socket.terminate();
        }
    },
    async ping() {
        const client = await open("ping?every=20ms");
        assert.ok(JSON.parse(await next(client)).round_trip_us > 0);
        client.socket.terminate();
        const late = await open("ping?every=1h&pong=late&late_by=100ms");
        const began = performance.now();
        late.socket.ping("?");
        await once(late.socket, "pong");
        await since(began, 99, "a late pong");
        late.socket.terminate();
    },
    async idle() {
        const client = await open("idle?plan=10ms,50ms&mode=server_ping&every=10ms");
        await client.closed;
        assert.equal(JSON.parse(client.messages.at(-1)).longest_silence_ms, 50);
    },
    async fragment() {
        await echoes("fragment?size=1&ping=1");
        await echoes("fragment?size=0");
    },
    async source_and_sink() {
        const source = await open("source?count=50");
        await source.closed;
        assert.equal(source.messages.length, 50);
        const sink = await open("sink");
        source.messages.forEach((message) => sink.socket.send(message));
        sink.socket.send("end");
        const verdict = JSON.parse(await next(sink));
        assert.deepEqual([verdict.numbered, verdict.lost, verdict.damaged], [50, 0, 0]);
    },
    async slow() {
        const began = performance.now();
        const client = await open("slow?read=64MiB&write=1KiB");
        client.socket.send(Buffer.alloc(300));
        assert.equal((await next(client)).length, 300);
        await since(began, 200, "slow");
        client.socket.terminate();
    },
    async deflate() {
        const far = Buffer.alloc(10_240, Uint8Array.from({ length: 256 }, (_, index) => index));
        for (const flush of ["sync", "full", "final", "stored"]) {
            for (const query of ["", "&server_no_context_takeover=1&client_no_context_takeover=1", "&server_max_window_bits=9&client_max_window_bits=9"]) {
                const target = `deflate?compress=alternate&flush=${flush}${query}`;
                const client = await open(target, [], { perMessageDeflate: { threshold: 0 } });
                for (const message of ["text ".repeat(1000), "", far, far, "behind"]) {
                    client.socket.send(message);
                    assert.deepEqual(await next(client), message, target);
                }
                client.socket.terminate();
            }
        }
        await refused("deflate", 400);
    },
    async violate() {
        for (const [index, [what, code]] of Object.entries(violations).entries()) {
            const tap = `lab-interop-node-${index}`;
            const client = await open(`violate?what=${what}&watch=300ms&tap=${tap}`);
            await client.closed;
            let content;
            do {
                content = await (await fetch(`${base.replace("ws", "http")}/api/taps/${tap}`)).json();
            } while (!content.ended);
            const { report } = content.entries.find((entry) => entry.type === "report");
            const seen = report.reaction === "close_frame" ? report.close_code : null;
            assert.equal(seen === 1000 ? null : seen, code, JSON.stringify(report));
        }
    },
};

for (const [name, scenario] of Object.entries(scenarios)) {
    const late = sleep(60_000, null, { ref: false }).then(() => assert.fail("no end within 60 s"));
    await Promise.race([scenario(), late]).catch((error) => {
        console.error(`${name}: ${error.stack}`);
        process.exit(1);
    });
}
process.exit(0);
