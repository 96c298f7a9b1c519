#include "language/utf16.hpp"

namespace atrium::graphql {
namespace {

/// Number of bytes of the code point that begins with `lead`.
std::size_t sequence_length(char lead) noexcept {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

} // namespace

std::size_t utf16_length(std::string_view utf8) noexcept {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0) != 0x80; // each code point has one byte that does not continue another
        units += byte >= 0xF0;          // a code point beyond U+FFFF takes two code units
    }
    return units;
}

std::string utf16_prefix(std::string_view utf8, std::size_t units) {
    std::size_t size = 0;
    while (units > 0 && size < utf8.size()) {
        const auto length = sequence_length(utf8[size]);
        if (length == 4 && units == 1)
            return std::string{utf8.substr(0, size)} + "\uFFFD";
        units -= length == 4 ? 2 : 1;
        size += length;
    }
    return std::string{utf8.substr(0, size)};
}

char32_t first_code_point(std::string_view utf8) noexcept {
    const auto length = sequence_length(utf8[0]);
    const auto lead = static_cast<unsigned char>(utf8[0]);
    if (length == 1)
        return lead;
    char32_t point = lead & (0xFFU >> (length + 1));
    for (const char c : utf8.substr(1, length - 1))
        point = (point << 6) | (static_cast<unsigned char>(c) & 0x3FU);
    return point;
}

void append_utf8(std::string& out, char32_t point) {
    const auto byte = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    const auto continuation = [&](int shift) { byte(0x80 | ((point >> shift) & 0x3F)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0 | (point >> 6));
        continuation(0);
    } else if (point < 0x10000) {
        byte(0xE0 | (point >> 12));
        continuation(6);
        continuation(0);
    } else {
        byte(0xF0 | (point >> 18));
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

} // namespace atrium::graphql
