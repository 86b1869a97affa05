// Echo with uWebSockets: messages of any size, permessage-deflate if the client offers it.
#include <App.h>

#include <climits>
#include <cstdio>
#include <string_view>

struct Nothing {};

int main() {
    uWS::App::WebSocketBehavior<Nothing> behaviour;
    behaviour.compression = uWS::CompressOptions(uWS::SHARED_COMPRESSOR | uWS::SHARED_DECOMPRESSOR);
    behaviour.maxPayloadLength = INT_MAX;
    // Limit so high that no echo is dropped, however slowly the client reads.
    behaviour.maxBackpressure = INT_MAX;
    behaviour.message = [](auto *socket, std::string_view message, uWS::OpCode opcode) {
        // The library compresses only if the extension was negotiated.
        socket->send(message, opcode, true);
    };
    auto listening = [](us_listen_socket_t *socket) {
        if (socket) {
            std::printf("listening on 127.0.0.1:%d\n", us_socket_local_port(0, reinterpret_cast<us_socket_t *>(socket)));
            std::fflush(stdout);
        }
    };
    uWS::App().ws<Nothing>("/*", std::move(behaviour)).listen("127.0.0.1", 0, listening).run();
    return 1;
}
