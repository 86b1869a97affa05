// Echo with Bun.serve: messages of any size, permessage-deflate if the client asks for it.
const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, server) {
        return server.upgrade(request) ? undefined : new Response("a WebSocket is expected", { status: 426 });
    },
    websocket: {
        perMessageDeflate: true,
        maxPayloadLength: 2 ** 31 - 1,
        // An answer that the client has not read yet is kept, however long it is.
        backpressureLimit: 2 ** 31 - 1,
        message(socket, message) {
            socket.send(message, true);
        },
    },
});

console.log(`listening on 127.0.0.1:${server.port}`);
