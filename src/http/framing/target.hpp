#pragma once

#include <boost/beast/http/verb.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// A request target taken apart (RFC 9112, 3.2). Views into what was given, or literals.
struct target {
    bool is_asterisk = false;        ///< "*", which only OPTIONS may ask for: the server itself
    std::string_view authority;      ///< of the absolute form; empty for the others
    std::string_view path_and_query; ///< begins with '/', unless the absolute form has a query and no path: then with '?'
    std::string_view path;           ///< still encoded
    std::string_view query;          ///< without the '?', still encoded
};

/// Empty for what is no target of this method: a fragment, a scheme other than http and https, an authority with user
/// information, the forms of CONNECT and of OPTIONS elsewhere.
[[nodiscard]] std::optional<target> split_target(boost::beast::http::verb method, std::string_view text);

/// Percent-decodes a path, once, into `out`, without its trailing slash. False for an invalid escape, for a decoded NUL or
/// slash (which would make one segment two), and for what is not UTF-8 then.
[[nodiscard]] bool decode_path(std::string_view encoded, std::string& out);

/// Whether `text` is `host [":" port]` with a host that is not empty (RFC 9110, 7.2).
[[nodiscard]] bool is_host(std::string_view text);

} // namespace atrium::http
