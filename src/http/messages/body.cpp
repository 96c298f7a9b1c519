#include "messages/form_encoding.hpp"
#include "messages/multipart.hpp"

#include <base/malformed.hpp>
#include <base/text.hpp>
#include <http/body.hpp>
#include <http/media_type.hpp>
#include <http/response.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium::http {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view multipart_type = "multipart/form-data";
constexpr std::string_view charset_field = "_charset_"; // browsers set it to the form's encoding (RFC 7578, section 4.6)

using fields_result = result<std::vector<input::field>>;

error unsupported(std::string detail) {
    return {.code = errc::unsupported_type, .detail = std::move(detail)};
}

/// The value of a parameter that occurs once in a type; empty if it is missing or repeated.
std::string_view parameter_of(const media_type& type, std::string_view name) {
    std::string_view value;
    std::size_t count = 0;
    for (const auto& [parameter_name, text] : type.parameters)
        if (parameter_name == name) {
            value = text;
            ++count;
        }
    return count == 1 ? value : std::string_view{};
}

/// Checks the parameters of the Content-Type of multipart/form-data.
result<> check_parameters(const media_type& type) {
    for (const auto& [name, value] : type.parameters)
        if (name != "boundary" && !(name == "charset" && ascii_iequals(value, "utf-8")))
            return unsupported("the only parameters that multipart/form-data may have are its boundary and charset=utf-8");
    if (!is_boundary(parameter_of(type, "boundary")))
        return malformed("multipart/form-data needs one boundary, with 1 to 70 of the characters that RFC 2046 allows");
    return {};
}

bool is_compressed(const request& q) {
    return q.headers.has("Content-Encoding") && !ascii_iequals(q.headers.get("Content-Encoding"), "identity");
}

/// Returns the type of a body that can be read: JSON or a form, in UTF-8 and not compressed.
result<media_type> read_type(const request& q) {
    if (is_compressed(q))
        return unsupported("the body must not be compressed");
    if (q.headers.count("Content-Type") != 1)
        return unsupported("one Content-Type is required: application/json, application/x-www-form-urlencoded or "
                           "multipart/form-data");
    auto type = parse_media_type(q.headers.get("Content-Type"));
    if (type.essence == multipart_type) {
        if (const auto readable = check_parameters(type); !readable)
            return readable.error();
        return type;
    }
    if (type.essence != json_type && type.essence != form_type)
        return unsupported("the body must be application/json, application/x-www-form-urlencoded or multipart/form-data");
    if (!type.is_utf8())
        return unsupported("the only parameter that the Content-Type may have is charset=utf-8");
    return type;
}

error too_many_fields() {
    return invalid_field("", "must not have more than " + std::to_string(input::max_fields) + " fields");
}

fields_result read_form(std::string_view body) {
    std::vector<input::field> fields;
    std::size_t count = 0;
    std::string_view error_text;
    for_each_pair(body, [&](std::string_view name, std::string_view value) {
        if (++count > input::max_fields || !error_text.empty())
            return;
        auto plain_name = decode_form_text(name);
        auto plain_value = decode_form_text(value);
        if (!plain_name || !plain_value)
            error_text = "the form has an invalid percent-escape";
        else if (!is_utf8(*plain_name) || !is_utf8(*plain_value))
            error_text = "the form is not valid UTF-8";
        else
            fields.push_back({.name = *std::move(plain_name), .value = *std::move(plain_value)});
    });
    if (!error_text.empty())
        return malformed(std::string{error_text});
    if (count > input::max_fields)
        return too_many_fields();
    return fields;
}

/// Why a part of a form is not text in UTF-8; empty if it is.
std::string_view error_of(const form_part& part) {
    if (part.is_file)
        return "must be text: files are not accepted";
    const auto& coding = part.transfer_encoding;
    if (!coding.empty() && !ascii_iequals(coding, "7bit") && !ascii_iequals(coding, "8bit") && !ascii_iequals(coding, "binary"))
        return "must not have a Content-Transfer-Encoding other than 7bit, 8bit or binary";
    if (part.content_type.empty())
        return {};
    const auto type = parse_media_type(part.content_type);
    return type.essence == "text/plain" && type.is_utf8() ? std::string_view{} : "must be text/plain in UTF-8";
}

/// Whether a part is the field `_charset_` with the only supported encoding.
bool is_charset(const form_part& part) {
    return part.name == charset_field && !part.is_file && ascii_iequals(part.content, "utf-8");
}

input::field field_of(const form_part& part) {
    const auto error_text = part.name == charset_field && !part.is_file ? "must be utf-8" : error_of(part);
    if (error_text.empty())
        return {.name = part.name, .value = std::string{part.content}};
    return {.name = part.name, .value = input::unusable{}, .error = std::string{error_text}};
}

fields_result read_parts(std::string_view body, std::string_view boundary) {
    std::vector<input::field> fields;
    std::size_t count = 0;
    multipart_reader parts{body, boundary};
    for (;;) {
        const auto part = parts.next();
        if (!part)
            return part.error();
        if (!*part)
            break;
        if (!is_utf8((*part)->name) || !is_utf8((*part)->content))
            return malformed("the form is not valid UTF-8");
        if (++count <= input::max_fields && !is_charset(**part))
            fields.push_back(field_of(**part));
    }
    if (count > input::max_fields)
        return too_many_fields();
    return fields;
}

} // namespace

result<> check_body_type(const request& q) {
    const auto type = read_type(q);
    if (!type)
        return type.error();
    return {};
}

response problem(const request& q, const error& e) {
    auto answer = problem(e);
    if (e.code != errc::unsupported_type)
        return answer;
    answer.set("Accept", std::string{body_types});
    if (q.method == verb::post)
        answer.set("Accept-Post", std::string{body_types});
    if (q.method == verb::patch)
        answer.set("Accept-Patch", std::string{body_types});
    if (is_compressed(q))
        answer.set("Accept-Encoding", "identity");
    return answer;
}

result<input::reader> read_body(const request& q) {
    if (q.body.empty())
        return malformed("a body is required");
    const auto type = read_type(q);
    if (!type)
        return type.error();
    const bool is_json = type->essence == json_type;
    auto fields = is_json                      ? input::read_json(q.body)
                  : type->essence == form_type ? read_form(q.body)
                                               : read_parts(q.body, parameter_of(*type, "boundary"));
    if (!fields)
        return fields.error();
    return input::reader{is_json ? input::source::json : input::source::form, *std::move(fields)};
}

} // namespace atrium::http
