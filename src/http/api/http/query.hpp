#pragma once

#include <http/request.hpp>
#include <input/reader.hpp>

#include <string>
#include <string_view>

namespace atrium::http {

/// The parameters of the query string, percent-decoded ('+' is a blank). One that cannot be decoded is an error of its own.
[[nodiscard]] input::reader read_query(const request& q);

/// The `Link` header of a page that has a next one: the same path and parameters with `after` replaced, path-absolute (RFC
/// 8288).
[[nodiscard]] std::string next_link(const request& q, std::string_view path, std::string_view after);

} // namespace atrium::http
