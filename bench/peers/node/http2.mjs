// Plain echo of DATA frames on Node's http2.
import http2 from "node:http2";

const settings = { enableConnectProtocol: true, initialWindowSize: 256 << 10 };
const server = http2.createServer({ settings });
server.on("session", (session) => session.setLocalWindowSize(1 << 28));
server.on("stream", (stream) => {
    stream.respond({ ":status": 200 });
    stream.on("error", () => {});
    stream.pipe(stream);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
