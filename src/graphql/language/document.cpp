#include "language/document_contents.hpp"
#include "language/utf16.hpp"

#include <graphql/document.hpp>

#include <algorithm>

namespace atrium::graphql {

document::document(std::string source) : contents_{std::make_unique<contents>(std::move(source))} {}
document::~document() = default;
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;

std::string_view document::source() const noexcept {
    return contents_->source;
}

std::span<const ast::node* const> document::definitions() const noexcept {
    return contents_->definitions;
}

location document::locate(std::uint32_t offset) const noexcept {
    const auto prefix = source().substr(0, offset);
    location where;
    std::size_t line_begin = 0;
    for (auto line_end = prefix.find_first_of("\n\r"); line_end != std::string_view::npos;
         line_end = prefix.find_first_of("\n\r", line_begin)) {
        line_begin = line_end + (source().substr(line_end, 2) == "\r\n" ? 2 : 1);
        ++where.line;
    }
    where.column += static_cast<std::uint32_t>(utf16_length(prefix.substr(std::min(line_begin, prefix.size()))));
    return where;
}

std::size_t document::tokens() const noexcept {
    return contents_->tokens;
}

std::size_t document::memory() const noexcept {
    return sizeof(contents) + source().size() + contents_->heap.bytes_in_use();
}

} // namespace atrium::graphql
