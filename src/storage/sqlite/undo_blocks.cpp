#include "sqlite/undo_blocks.hpp"

#include <sqlite3.h>

#include <array>
#include <cstddef>

namespace atrium::storage::sqlite {
namespace {

/// SQLite stores the undo data of a savepoint in blocks of this size, four or five for each changed page, and frees all of them
/// when the savepoint is released. Creating an order needs about seventy blocks, but glibc caches only seven free blocks of one
/// size for each thread, so most of them would take its slow path.
constexpr int block_size = 1024;
constexpr std::size_t max_kept = 256;

sqlite3_mem_methods heap; ///< SQLite's default allocator

/// The free blocks of one thread.
class free_blocks {
public:
    free_blocks() = default;
    free_blocks(const free_blocks&) = delete;
    free_blocks& operator=(const free_blocks&) = delete;
    ~free_blocks() {
        while (count_ > 0)
            heap.xFree(blocks_[--count_]);
        is_alive_ = false;
    }

    [[nodiscard]] void* take() noexcept { return count_ > 0 ? blocks_[--count_] : nullptr; }
    /// Returns false, without keeping the block, if the list is full or the thread is ending.
    [[nodiscard]] bool keep(void* block) noexcept {
        if (!is_alive_ || count_ == max_kept)
            return false;
        blocks_[count_++] = block;
        return true;
    }

private:
    std::array<void*, max_kept> blocks_;
    std::size_t count_ = 0;
    bool is_alive_ = true;
};

thread_local free_blocks free_blocks_of_thread;

void* allocate(int size) {
    if (size == block_size)
        if (auto* const block = free_blocks_of_thread.take())
            return block;
    return heap.xMalloc(size);
}

void release(void* block) {
    const int size = heap.xSize(block); // may be a few bytes more than requested
    const bool is_undo_block = size >= block_size && size < block_size + 16;
    if (!is_undo_block || !free_blocks_of_thread.keep(block))
        heap.xFree(block);
}

} // namespace

void keep_undo_blocks() noexcept {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &heap) != SQLITE_OK)
        return;
    auto methods = heap;
    methods.xMalloc = allocate;
    methods.xFree = release;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

} // namespace atrium::storage::sqlite
