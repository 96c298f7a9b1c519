#include "messages/continuation.hpp"

#include <http/web_socket.hpp>

#include <utility>

namespace atrium::http {

response web_socket_upgrade(web_socket_options options, web_socket_session session) {
    response answer{.status = status::switching_protocols};
    answer.after_header = std::make_shared<const continuation>(
        continuation{.web_socket = web_socket_offer{std::move(options), std::move(session)}});
    return answer;
}

} // namespace atrium::http
