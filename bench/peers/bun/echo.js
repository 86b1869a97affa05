// Echo with Bun.serve: messages of any size, permessage-deflate if the client offers it.
const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, server) {
        return server.upgrade(request) ? undefined : new Response("a WebSocket is expected", { status: 426 });
    },
    websocket: {
        perMessageDeflate: true,
        maxPayloadLength: 2 ** 31 - 1,
        // Limit so high that no echo is dropped, however slowly the client reads.
        backpressureLimit: 2 ** 31 - 1,
        message(socket, message) {
            socket.send(message, true);
        },
    },
});

console.log(`listening on 127.0.0.1:${server.port}`);
