#include "framing/target.hpp"

#include <base/text.hpp>

#include <boost/url/authority_view.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

using boost::beast::http::verb;

/// The value of a hexadecimal digit; negative for another character.
int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The text after "http://" or "https://"; empty if it begins with neither.
std::optional<std::string_view> after_scheme(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (ascii_iequals(text.substr(0, scheme.size()), scheme))
            return text.substr(scheme.size());
    return std::nullopt;
}

void split_query(target& t) {
    const auto mark = t.path_and_query.find('?');
    t.path = t.path_and_query.substr(0, mark);
    if (mark != std::string_view::npos)
        t.query = t.path_and_query.substr(mark + 1);
}

} // namespace

std::optional<target> split_target(verb method, std::string_view text) {
    target t;
    if (text.find('#') != std::string_view::npos)
        return std::nullopt;
    if (text.front() == '/') {
        t.path_and_query = text;
    } else if (text == "*" && method == verb::options) {
        t.is_asterisk = true;
        t.path_and_query = t.path = text;
        return t;
    } else if (const auto rest = after_scheme(text)) {
        const auto end = std::min(rest->find_first_of("/?"), rest->size());
        t.authority = rest->substr(0, end);
        t.path_and_query = rest->substr(end);
        if (!is_host(t.authority))
            return std::nullopt;
        if (t.path_and_query.empty() && method == verb::options) { // RFC 9112, section 3.2.4
            t.is_asterisk = true;
            t.path_and_query = t.path = "*";
            return t;
        }
        if (t.path_and_query.empty())
            t.path_and_query = "/";
    } else {
        return std::nullopt;
    }
    split_query(t);
    if (t.path.empty())
        t.path = "/";
    return t;
}

bool decode_path(std::string_view encoded, std::string& out) {
    out.clear();
    bool needs_utf8_check = false;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        char c = encoded[i];
        if (c == '%') {
            if (encoded.size() - i < 3)
                return false;
            const int high = hex_value(encoded[i + 1]);
            const int low = hex_value(encoded[i + 2]);
            if (high < 0 || low < 0)
                return false;
            c = static_cast<char>(high * 16 + low);
            if (c == '\0' || c == '/')
                return false;
            i += 2;
        }
        needs_utf8_check |= static_cast<unsigned char>(c) >= 0x80;
        out.push_back(c);
    }
    if (out.size() > 1 && out.back() == '/')
        out.pop_back();
    return !needs_utf8_check || is_utf8(out);
}

bool is_host(std::string_view text) {
    const auto parsed = boost::urls::parse_authority(boost::core::string_view{text.data(), text.size()});
    return parsed && !parsed->has_userinfo() && !parsed->encoded_host().empty();
}

} // namespace atrium::http
