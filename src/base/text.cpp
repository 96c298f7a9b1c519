#include <base/text.hpp>

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace atrium {
namespace {

/// Removes one code point from the front of `rest` and returns it. Empty if the bytes are not well formed (Unicode 15, table
/// 3-7); `rest` is then unspecified.
std::optional<char32_t> take_code_point(std::string_view& rest) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        rest.remove_prefix(1);
        return lead;
    }
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || rest.size() < length)
        return std::nullopt;

    char32_t point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return std::nullopt;
        point = (point << 6) | (byte(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (point < smallest[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return std::nullopt;
    rest.remove_prefix(length);
    return point;
}

/// Unicode's property White_Space: the categories of separators, and some control characters.
bool is_white_space(char32_t c) noexcept {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return (c >= 0x09 && c <= 0x0D) || c == 0x85 || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

bool is_utf8(std::string_view bytes) noexcept {
    while (!bytes.empty())
        if (!take_code_point(bytes))
            return false;
    return true;
}

std::size_t count_code_points(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool has_control_character(std::string_view utf8) noexcept {
    while (!utf8.empty()) {
        const auto c = take_code_point(utf8);
        if (!c || *c < 0x20 || (*c >= 0x7F && *c <= 0x9F))
            return true;
    }
    return false;
}

bool has_outer_blanks(std::string_view utf8) noexcept {
    if (utf8.empty())
        return false;
    auto front = utf8;
    if (const auto first = take_code_point(front); first && is_white_space(*first))
        return true;
    auto last = utf8.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(utf8[last]) & 0xC0) == 0x80)
        --last;
    auto back = utf8.substr(last);
    const auto point = take_code_point(back);
    return point && is_white_space(*point);
}

std::string ascii_lower(std::string_view text) {
    std::string lowered{text};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    return lowered;
}

bool ascii_iequals(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string authority(std::string_view host, int port) {
    const bool is_v6 = host.find(':') != host.npos;
    return (is_v6 ? '[' + std::string{host} + ']' : std::string{host}) + ':' + std::to_string(port);
}

std::string to_base64url(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            text.push_back(base64url[(bits >> (count - 6)) & 63]);
    }
    if (count > 0)
        text.push_back(base64url[(bits << (6 - count)) & 63]);
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto digit = base64url.find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> count) & 0xFF));
        }
    }
    if (to_base64url(bytes) != text) // a single last digit, or bits that an encoder never sets
        return std::nullopt;
    return bytes;
}

} // namespace atrium
