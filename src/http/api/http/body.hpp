#pragma once

#include <base/error.hpp>
#include <http/request.hpp>
#include <http/response.hpp>
#include <input/reader.hpp>

#include <string_view>

namespace atrium::http {

/// The media types of bodies that `read_body` reads, as the fields Accept, Accept-Post and Accept-Patch list them.
inline constexpr std::string_view body_types = "application/json, application/x-www-form-urlencoded, multipart/form-data";

/// Whether the server can read a body of the type in the request's header. Errors: unsupported_type; malformed for
/// multipart/form-data without exactly one valid boundary.
[[nodiscard]] result<> check_body_type(const request& q);

/// Problem details for a request that was refused. If the error is unsupported_type, the response also lists the types that can
/// be read (RFC 9110, section 15.5.16).
[[nodiscard]] response problem(const request& q, const error& e);

/// Reads the fields of a flat body: a JSON object or a form. Errors: unsupported_type; malformed for a body that is empty,
/// cannot be parsed or is not UTF-8; invalid if the JSON is not an object, or if the body has more than 256 fields, which is
/// more than any body of this API needs. A form with a file is not refused as a whole: the reader reports an error of the field
/// that contains the file.
[[nodiscard]] result<input::reader> read_body(const request& q);

} // namespace atrium::http
