#pragma once

#include <http/client.hpp>
#include <http/settings.hpp>

#include <boost/beast/http/verb.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace atrium::event_commands {

/// The response of the server.
struct answer {
    unsigned status = 0;
    std::string body = {};
    std::string location = {};
    std::string link = {};

    [[nodiscard]] bool is_success() const noexcept { return status / 100 == 2; }
};

/// Sends the requests of one command, each on a connection of its own. The functions wait for the response without a limit,
/// because the server itself limits how long a request takes. They throw boost::system::system_error if the server cannot be
/// reached, and std::runtime_error if its certificate is not accepted.
class server_client {
public:
    /// With https, if `tls.certificate` is set, it is the certificate of the server, and no other one is accepted. Otherwise
    /// the authorities of the system and those in `tls.trust` are trusted.
    server_client(http::base_url url, std::string token, http::tls_settings tls)
        : url_{std::move(url)}, token_{std::move(token)}, tls_{std::move(tls)} {}

    [[nodiscard]] answer get(std::string_view target) const { return send(boost::beast::http::verb::get, target, {}); }
    [[nodiscard]] answer post(std::string_view target, std::string body) const {
        return send(boost::beast::http::verb::post, target, std::move(body));
    }
    [[nodiscard]] answer remove(std::string_view target) const { return send(boost::beast::http::verb::delete_, target, {}); }

    /// Reads a response that does not end, piece by piece, until the server ends it or `take` returns false. `last_event_id` is
    /// the id of the last event that the client has received; empty if there is none. If the status is not 200, the whole
    /// response is returned and nothing is passed to `take`.
    [[nodiscard]] answer stream(std::string_view target, std::string_view last_event_id,
                                const std::function<bool(std::string_view piece)>& take) const;

    [[nodiscard]] const http::base_url& url() const noexcept { return url_; }

private:
    [[nodiscard]] answer send(boost::beast::http::verb method, std::string_view target, std::string body) const;

    template <class Talk>
    void connect(Talk talk) const;

    http::base_url url_;
    std::string token_;
    http::tls_settings tls_;
};

} // namespace atrium::event_commands
