#include "language/locator.hpp"

#include <algorithm>
#include <cstddef>

namespace atrium::graphql {
namespace {

constexpr std::size_t distance = 256; // from one mark to the next, in bytes

} // namespace

locator::locator(std::string_view source) : source_{source} {
    location current;
    marks_.reserve(source.size() / distance + 1);
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (i % distance == 0)
            marks_.push_back(current);
        current = step(current, i);
    }
    if (source.size() % distance == 0)
        marks_.push_back(current);
}

location locator::at(std::uint32_t offset) const noexcept {
    const auto end = std::min<std::size_t>(offset, source_.size());
    auto current = marks_[end / distance];
    for (auto i = end / distance * distance; i < end; ++i)
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
