#include "messages/form_encoding.hpp"

#include <base/text.hpp>
#include <http/query.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace atrium::http {
namespace {

/// Why a decoded text cannot be used; empty if it can.
std::string_view error_of(const std::optional<std::string>& decoded) {
    if (!decoded)
        return "has an invalid percent-escape";
    if (!is_utf8(*decoded))
        return "is not valid UTF-8";
    if (decoded->find('\0') != std::string::npos)
        return "must not contain the character U+0000";
    return {};
}

} // namespace

input::reader read_query(const request& q) {
    std::vector<input::field> fields;
    for_each_pair(q.query, [&](std::string_view name, std::string_view value) {
        auto decoded_name = decode_form_text(name);
        auto decoded_value = decode_form_text(value);
        const auto value_error = error_of(decoded_value);
        if (!error_of(decoded_name).empty()) // the reader reports the name as unknown
            decoded_name = is_utf8(name) ? std::string{name} : encode_form_text(name);
        fields.push_back({.name = *std::move(decoded_name),
                          .value = std::move(decoded_value).value_or(std::string{}),
                          .error = std::string{value_error}});
    });
    return {input::source::query, std::move(fields)};
}

std::string next_link(const request& q, std::string_view path, std::string_view cursor) {
    std::string link{"<"};
    link.append(path).push_back('?');
    for_each_pair(q.query, [&](std::string_view name, std::string_view value) {
        const auto plain_name = decode_form_text(name);
        const auto plain_value = decode_form_text(value);
        if (!plain_name || !plain_value || *plain_name == "after")
            return;
        link.append(encode_form_text(*plain_name)).push_back('=');
        link.append(encode_form_text(*plain_value)).push_back('&');
    });
    return link.append("after=").append(cursor).append(">; rel=\"next\"");
}

} // namespace atrium::http
