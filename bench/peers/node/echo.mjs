// Echo with ws on Node: messages of any size, permessage-deflate if the client offers it.
import { createRequire } from "node:module";

// `require`, because `import` does not search NODE_PATH.
const { WebSocketServer } = createRequire(import.meta.url)("ws");

const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    maxPayload: 0,
    perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
});

server.on("listening", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
server.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
    // The library closes a broken connection. Without a listener, its error would end the program.
    socket.on("error", () => {});
});
