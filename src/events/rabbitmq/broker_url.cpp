#include "broker_url.hpp"

#include <base/text.hpp>
#include <events/rabbitmq/settings.hpp>

#include <amqp.h>

namespace atrium::events::rabbitmq {

result<> check_url(std::string_view text) {
    const auto url = broker_url::parse(text);
    return url ? result<>{} : url.error();
}

result<broker_url> broker_url::parse(std::string_view text) {
    std::string scratch{text}; // amqp_parse_url writes into it, and its answer points into it
    amqp_connection_info parts{};
    if (text.find('\0') != std::string_view::npos || amqp_parse_url(scratch.data(), &parts) != AMQP_STATUS_OK)
        return error{errc::invalid, "must be of the form amqp://USER:PASSWORD@HOST:PORT/VHOST or amqps://..., with special "
                                    "characters of a part percent-encoded (\"/\" as %2F)"};
    broker_url url{.user = parts.user,
                   .password = parts.password,
                   .host = parts.host,
                   .port = parts.port,
                   .vhost = parts.vhost,
                   .tls = parts.ssl != 0};
    if (url.vhost.empty()) // "amqp://host/": to the letter the virtual host "", which nobody has and nobody means
        url.vhost = "/";
    return url;
}

std::string broker_url::without_password() const {
    const auto text = (tls ? "amqps://" : "amqp://") + user + '@' + authority(host, port);
    return text + (vhost.starts_with('/') ? vhost : '/' + vhost);
}

} // namespace atrium::events::rabbitmq
