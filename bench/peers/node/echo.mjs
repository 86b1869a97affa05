// Echo with ws on Node: messages of any size, permessage-deflate if the client asks for it.
import { createRequire } from "node:module";

// `import` does not look into NODE_PATH.
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
    // A connection that breaks off is closed by the library; without a listener its error would end the program.
    socket.on("error", () => {});
});
