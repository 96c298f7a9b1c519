#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// A web origin as browsers send it (WHATWG HTML, 7.1.1): scheme and host in lower case, without the scheme's default port.
/// Empty for text that is not an http or https origin, such as one with a path, with a slash at its end, or with a host that
/// is not ASCII: browsers send such a host in Punycode.
[[nodiscard]] std::optional<std::string> normalize_origin(std::string_view text);

} // namespace atrium::http
