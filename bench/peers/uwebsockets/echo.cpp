// Echo with uWebSockets: messages of any size, permessage-deflate if the client offers it.
//
// With the files of a certificate and its key as arguments it speaks TLS, by OpenSSL.
#include <App.h>

#include <climits>
#include <cstdio>
#include <string_view>

struct Nothing {};

template <typename App>
void run(App &&app) {
    constexpr bool ssl = std::is_same_v<App, uWS::SSLApp>;
    typename App::template WebSocketBehavior<Nothing> behaviour;
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
            auto port = us_socket_local_port(ssl, reinterpret_cast<us_socket_t *>(socket));
            std::printf("listening on 127.0.0.1:%d\n", port);
            std::fflush(stdout);
        }
    };
    app.template ws<Nothing>("/*", std::move(behaviour)).listen("127.0.0.1", 0, listening).run();
}

int main(int count, char **arguments) {
    if (count == 3) {
        run(uWS::SSLApp({.key_file_name = arguments[2], .cert_file_name = arguments[1]}));
    } else {
        run(uWS::App());
    }
    return 1;
}
