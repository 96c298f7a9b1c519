#pragma once

#include <boost/beast/http/verb.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// The parts of a request target (RFC 9112, section 3.2). They are views into the argument, or literals.
struct target {
    bool is_asterisk = false;        ///< the target is "*", which means the server itself and is allowed only for OPTIONS
    std::string_view authority;      ///< the authority of a target in absolute form; otherwise empty
    std::string_view path_and_query; ///< "*", or begins with '/', or with '?' if the absolute form has a query and no path
    std::string_view path;           ///< still encoded
    std::string_view query;          ///< without the '?', still encoded
};

/// Empty if `text` is not a valid target for this method: if it has a fragment, a scheme other than http and https, or user
/// information; if it has the form that is reserved for CONNECT; or if it is `*` and the method is not OPTIONS.
[[nodiscard]] std::optional<target> split_target(boost::beast::http::verb method, std::string_view text);

/// Percent-decodes a path once into `out` and removes a trailing slash. Returns false for an invalid escape, for a decoded NUL
/// or slash (which would split one segment into two), and if the result is not UTF-8.
[[nodiscard]] bool decode_path(std::string_view encoded, std::string& out);

/// Whether `text` is `host [":" port]` with a host that is not empty (RFC 9110, section 7.2).
[[nodiscard]] bool is_host(std::string_view text);

} // namespace atrium::http
