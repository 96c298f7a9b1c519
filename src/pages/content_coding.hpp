#pragma once

#include <http/request.hpp>

#include <string>
#include <string_view>

namespace atrium::pages {

/// The content of a gzip file (RFC 1952) whose header has no optional parts. The checksum is not checked. Throws
/// std::logic_error if the content is shorter than the size in the file's trailer.
[[nodiscard]] std::string unpack_gzip(std::string_view gzip);

/// Whether the client accepts gzip (RFC 9110, section 12.5.3), in the forms that browsers and curl send: gzip is listed by
/// name, with a quality other than 0.
[[nodiscard]] bool accepts_gzip(const http::request& q);

} // namespace atrium::pages
