#pragma once

#include "routed_server.hpp"

#include <http/web_socket.hpp>
#include <support/web_socket_client.hpp>

#include <mutex>
#include <optional>
#include <string>

namespace atrium::http::test {

/// A session that sends back every message that it receives.
inline awaitable<> echo(web_socket& socket) {
    for (;;) {
        auto message = co_await socket.receive();
        if (!message)
            break;
        socket.send(*std::move(message));
    }
}

/// A session that ignores messages until the socket is closed.
inline awaitable<> receive_all(web_socket& socket) {
    for (;;) {
        const auto message = co_await socket.receive();
        if (!message)
            break;
    }
}

/// Routes for a server: GET and POST /echo upgrade to a WebSocket that runs `session`, and GET /small responds immediately.
inline std::function<void(router&)> routes_with_session(web_socket_session session, web_socket_options options = {}) {
    return [session = std::move(session), options = std::move(options)](router& r) {
        r.get("/echo", "",
              [session, options](const request&) -> awaitable<response> { co_return web_socket_upgrade(options, session); });
        r.post("/echo", "", [session](const request&) -> awaitable<response> { co_return web_socket_upgrade({}, session); });
        r.get("/small", "", [](const request&) -> awaitable<response> { co_return json("\"small\""); });
    };
}

} // namespace atrium::http::test
