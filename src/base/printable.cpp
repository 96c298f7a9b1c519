#include <base/printable.hpp>

#include <utf8proc.h>

#include <algorithm>
#include <optional>

namespace atrium {
namespace {

bool is_plain_ascii(char c) noexcept {
    return c >= 0x20 && c < 0x7F;
}

/// Removes one code point from the front of `rest` and returns it. If the bytes there are not UTF-8, removes one byte and
/// returns empty.
std::optional<utf8proc_int32_t> take_code_point(std::string_view& rest) noexcept {
    utf8proc_int32_t point = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                         static_cast<utf8proc_ssize_t>(rest.size()), &point);
    rest.remove_prefix(length > 0 ? static_cast<std::size_t>(length) : 1);
    return length > 0 ? std::optional{point} : std::nullopt;
}

bool is_printable(utf8proc_int32_t point) noexcept {
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
    }
}

void append_unit(std::string& out, utf8proc_int32_t unit) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        out.push_back(hex[static_cast<std::size_t>(unit >> shift) & 15]);
}

void append_escape(std::string& out, utf8proc_int32_t point) {
    if (point < 0x10000)
        return append_unit(out, point);
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
}

} // namespace

bool is_printable(std::string_view utf8) noexcept {
    if (std::all_of(utf8.begin(), utf8.end(), is_plain_ascii)) [[likely]]
        return true;
    while (!utf8.empty())
        if (const auto point = take_code_point(utf8); !point || !is_printable(*point))
            return false;
    return true;
}

std::string printable(std::string_view text) {
    if (is_printable(text)) [[likely]]
        return std::string{text};
    std::string out;
    for (auto rest = text; !rest.empty();) {
        const auto rest_before = rest;
        const auto point = take_code_point(rest);
        if (!point)
            out.append("\xEF\xBF\xBD");
        else if (is_printable(*point))
            out.append(rest_before.substr(0, rest_before.size() - rest.size()));
        else
            append_escape(out, *point);
    }
    return out;
}

std::string printable_lines(std::string_view text) {
    std::string out;
    for (;;) {
        const auto end = text.find('\n');
        out.append(printable(text.substr(0, end)));
        if (end == std::string_view::npos)
            return out;
        out.push_back('\n');
        text.remove_prefix(end + 1);
    }
}

} // namespace atrium
