#include "fixture.hpp"

#include <support/catch.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace atrium::storage {
namespace {

std::vector<void*> allocate(std::size_t count, int size) {
    std::vector<void*> blocks(count);
    for (auto& block : blocks)
        REQUIRE((block = sqlite3_malloc(size)));
    return blocks;
}

void release(const std::vector<void*>& blocks) {
    for (auto* const block : blocks)
        sqlite3_free(block);
}

} // namespace

TEST_CASE("a thread that has released memory blocks for SQLite's undo logs gets the same blocks again") {
    running_database db; // configures the memory allocation of SQLite
    std::thread{[] {
        auto blocks = allocate(200, 1024);
        release(blocks);
        auto again = allocate(200, 1024);
        std::ranges::reverse(again);
        CHECK(again == blocks);
        release(again);
    }}.join();
}

TEST_CASE("a thread can release memory blocks of another thread, and more blocks than it keeps for reuse") {
    running_database db;
    const auto blocks = allocate(2000, 1024);
    std::thread{[&] { release(blocks); }}.join();
    std::thread{[] {
        for (const int size : {1, 1008, 1023, 1024, 1025, 1040, 4096}) {
            const auto some = allocate(2, size);
            CHECK(some[0] != some[1]);
            for (auto* const block : some)
                std::fill_n(static_cast<char*>(block), size, 'x');
            release(some);
        }
    }}.join();
}

} // namespace atrium::storage
