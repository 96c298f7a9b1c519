#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// A web origin as browsers send it (WHATWG HTML, 7.1.1): scheme and host in lower case, IPv6 addresses in their
/// shortest form, without the scheme's default port. Empty for text that is not an http or https origin, such as one with a
/// path, with a slash at its end, or with a host that is not ASCII: browsers send such a host in Punycode. Also empty for an
/// IPv4 address in a form that browsers do not send, such as 127.1.
[[nodiscard]] std::optional<std::string> normalize_origin(std::string_view text);

} // namespace atrium::http
