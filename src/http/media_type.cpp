#include "media_type.hpp"

#include <base/text.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

/// RFC 9110, 5.6.2: a character of a token.
bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
}

void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

bool skip(std::string_view& rest, char expected) {
    if (rest.empty() || rest.front() != expected)
        return false;
    rest.remove_prefix(1);
    return true;
}

/// Empty where there is no token.
std::string_view take_token(std::string_view& rest) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_token_character);
    const auto token = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(token.size());
    return token;
}

/// After the opening quote; false where the closing one is missing.
bool take_quoted(std::string_view& rest, std::string& value) {
    while (!rest.empty()) {
        if (skip(rest, '"'))
            return true;
        skip(rest, '\\');
        if (rest.empty())
            return false;
        value.push_back(rest.front());
        rest.remove_prefix(1);
    }
    return false;
}

} // namespace

bool media_type::is_utf8() const noexcept {
    return parameters.empty() ||
           (parameters.size() == 1 && parameters[0].first == "charset" && ascii_iequals(parameters[0].second, "utf-8"));
}

media_type parse_media_type(std::string_view text) {
    media_type read;
    skip_blanks(text);
    const auto type = take_token(text);
    const bool slash = skip(text, '/');
    const auto subtype = take_token(text);
    if (type.empty() || !slash || subtype.empty())
        return {};

    for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
        if (!skip(text, ';'))
            return {};
        skip_blanks(text);
        if (text.empty() || text.front() == ';') // an empty parameter is allowed
            continue;
        const auto name = take_token(text);
        if (name.empty() || !skip(text, '='))
            return {};
        std::string value;
        if (skip(text, '"')) {
            if (!take_quoted(text, value))
                return {};
        } else if (value = take_token(text); value.empty()) {
            return {};
        }
        read.parameters.emplace_back(ascii_lower(name), std::move(value));
    }
    read.essence = ascii_lower(type) + "/" + ascii_lower(subtype);
    return read;
}

} // namespace atrium::http
