#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// Normalizes a web origin to the form that browsers send (WHATWG HTML, section 7.1.1): scheme and host in lower case, IPv6
/// addresses in their shortest form, without the scheme's default port. Empty if the text is not an http or https origin, for
/// example if it has a path, a trailing slash, or a host that is not ASCII (browsers send such a host in Punycode). Also empty
/// for an IPv4 address in a form that browsers do not send, such as 127.1.
[[nodiscard]] std::optional<std::string> normalize_origin(std::string_view text);

} // namespace atrium::http
