#pragma once

#include <graphql/document.hpp>

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <string>
#include <utility>

namespace atrium::graphql {

/// Lives at one address, so that views into the source and pointers into the arena outlast a move of the document.
struct document::contents {
    explicit contents(std::string text) : source{std::move(text)} {}

    const std::string source;
    /// Nodes take several times the room of what they are written as; a first block of that size saves later ones.
    std::pmr::monotonic_buffer_resource arena{std::clamp<std::size_t>(source.size() * 8, 512, 65536)};
    std::span<const ast::node* const> definitions{};
};

} // namespace atrium::graphql
