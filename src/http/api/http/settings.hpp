#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace atrium::config {
class schema;
}

namespace atrium::http {

// The meaning, range and unit of each member are declared once, in this part's settings.cpp; docs/configuration.md lists them
// in a table.

/// Limits for requests and connections.
struct limits {
    std::size_t memory = 0; ///< bytes; 0 means that it is derived from the machine's memory
    std::size_t target = 8 * 1024;
    std::size_t header = 16 * 1024;
    std::size_t fields = 100;
    std::size_t body = 1024 * 1024;
    std::size_t connections = 10'000;
    std::size_t connections_per_address = 0;
    std::size_t address_share = 90; ///< percent
    std::size_t requests_per_connection = 0;
    std::size_t pipeline = 64;
    std::size_t unsent = 256 * 1024;
};

/// How long each phase of a connection may take.
struct deadlines {
    std::chrono::milliseconds idle{60'000};
    std::chrono::milliseconds header{10'000};
    std::chrono::milliseconds body{30'000};
    std::chrono::milliseconds handler{30'000};
    std::chrono::milliseconds write{30'000};
    std::chrono::milliseconds drain{1'000};
    std::chrono::milliseconds memory{5'000};
};

/// Settings for bodies that are produced piece by piece (<http/stream.hpp>).
struct stream_settings {
    std::chrono::milliseconds keep_alive{15'000};
};

/// Settings for WebSockets (<http/web_socket.hpp>).
struct web_socket_settings {
    std::vector<std::string> origins = {};
    std::size_t message = 1024 * 1024;
    std::size_t unsent = 1024 * 1024;
    std::chrono::milliseconds message_deadline{30'000};
    std::chrono::milliseconds ping{20'000};
    std::chrono::milliseconds silence{60'000};
    std::chrono::milliseconds close{5'000};
};

/// Settings for TLS. All members are names of PEM files.
struct tls_settings {
    std::string certificate =
        {}; ///< the certificate of the server, then the intermediate certificates; if empty, the server does not use TLS
    std::string key = {};
    std::string trust =
        {}; ///< authorities that this program trusts as a client of other servers, in addition to those of the system

    [[nodiscard]] bool is_on() const noexcept { return !certificate.empty(); }
};

/// The format of the line that is written to standard output for each response.
enum class access_log_format { off, combined, json };

struct settings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8000;
    bool allow_unauthenticated_network = false;
    unsigned threads = 0;
    std::vector<std::string> hosts = {};
    std::vector<std::string> trusted_proxies = {};
    access_log_format access_log = access_log_format::off;
    std::vector<std::string> cors_origins = {};
    std::vector<std::string> cors_headers = {"baggage", "sentry-trace", "tracestate"};
    http::limits limits = {};
    http::deadlines deadlines = {};
    stream_settings stream = {};
    web_socket_settings web_socket = {};
    tls_settings tls = {};
};

/// Declares the sections [http...] and [tls]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::http
