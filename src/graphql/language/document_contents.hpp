#pragma once

#include <graphql/document.hpp>

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <string>
#include <utility>

namespace atrium::graphql {

/// Allocates from the heap and counts the bytes in use.
class counted_heap final : public std::pmr::memory_resource {
public:
    [[nodiscard]] std::size_t bytes_in_use() const noexcept { return bytes_in_use_; }

private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        auto* const memory = std::pmr::new_delete_resource()->allocate(bytes, alignment);
        bytes_in_use_ += bytes;
        return memory;
    }
    void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
        std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
        bytes_in_use_ -= bytes;
    }
    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

    std::size_t bytes_in_use_ = 0;
};

/// This object keeps its address when its document is moved, so that views of the source and pointers into the arena stay
/// valid.
struct document::contents {
    explicit contents(std::string text) : source{std::move(text)} {}

    const std::string source;
    counted_heap heap{};
    /// Nodes need several times the memory of their source. A large first block avoids many small ones.
    std::pmr::monotonic_buffer_resource arena{std::clamp<std::size_t>(source.size() * 8, 512, 65536), &heap};
    std::span<const ast::node* const> definitions{};
    std::size_t tokens = 0;
};

} // namespace atrium::graphql
