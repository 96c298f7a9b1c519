#include "language/locator.hpp"

#include <algorithm>
#include <cstddef>

namespace atrium::graphql {
namespace {

/// The distance, in bytes, between two marks, whose locations are stored. To locate an offset, the bytes from the last mark
/// before the offset are read again.
constexpr std::size_t bytes_per_mark = 256;

} // namespace

locator::locator(std::string_view source) : source_{source} {
    location current;
    marks_.reserve(source.size() / bytes_per_mark + 1);
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (i % bytes_per_mark == 0)
            marks_.push_back(current);
        current = step(current, i);
    }
    if (source.size() % bytes_per_mark == 0)
        marks_.push_back(current);
}

location locator::locate(std::uint32_t offset) const noexcept {
    const auto end = std::min<std::size_t>(offset, source_.size());
    auto current = marks_[end / bytes_per_mark];
    for (auto i = end / bytes_per_mark * bytes_per_mark; i < end; ++i)
        current = step(current, i);
    return current;
}

/// Moves past the byte at `offset`. A line ends with LF, CRLF or CR; a column is one UTF-16 code unit.
location locator::step(location position, std::size_t offset) const noexcept {
    const auto byte = static_cast<unsigned char>(source_[offset]);
    if (byte == '\n' || (byte == '\r' && !source_.substr(offset + 1).starts_with('\n')))
        return {position.line + 1, 1};
    if ((byte & 0xC0) != 0x80)
        position.column += byte >= 0xF0 ? 2 : 1;
    return position;
}

} // namespace atrium::graphql
