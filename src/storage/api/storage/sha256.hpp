#pragma once

#include <string>
#include <string_view>

namespace atrium::storage {

/// The SHA-256 of a text, in lower-case hex. Throws `failure` if OpenSSL cannot compute it.
[[nodiscard]] std::string sha256(std::string_view text);

} // namespace atrium::storage
