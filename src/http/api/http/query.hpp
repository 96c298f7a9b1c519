#pragma once

#include <http/request.hpp>
#include <input/reader.hpp>

#include <string>
#include <string_view>

namespace atrium::http {

/// The parameters of the query string, percent-decoded ('+' is a space). A parameter that cannot be decoded is reported as an
/// error.
[[nodiscard]] input::reader read_query(const request& q);

/// The value of the `Link` header for the next page of a list (RFC 8288): `path` with the parameters of the request, in which
/// `after` is replaced by `cursor`.
[[nodiscard]] std::string next_link(const request& q, std::string_view path, std::string_view cursor);

} // namespace atrium::http
