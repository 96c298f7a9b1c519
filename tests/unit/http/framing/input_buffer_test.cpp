#include "framing/input_buffer.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <string>

using atrium::http::input_buffer;

namespace {

void put(input_buffer& buffer, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto space = buffer.free_space();
        const auto count = std::min(space.size(), bytes.size());
        std::copy_n(bytes.data(), count, space.data());
        buffer.add_received(count);
        bytes.remove_prefix(count);
    }
}

std::string pattern(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + i % 23);
    return text;
}

} // namespace

TEST_CASE("an input buffer keeps the order and the values of its bytes while it moves them and grows") {
    const auto all = pattern(300'000);
    input_buffer buffer;
    std::string out;
    for (std::size_t i = 0; i < all.size(); i += 1000) {
        put(buffer, std::string_view{all}.substr(i, 1000));
        const auto some = std::min<std::size_t>(buffer.unread().size(), i % 3000 == 0 ? 1 : 1700);
        out += buffer.unread().substr(0, some);
        buffer.consume(some);
    }
    out += buffer.unread();
    CHECK(out == all);
}

TEST_CASE("bytes that an input buffer holds do not move while more bytes arrive after them") {
    input_buffer buffer;
    put(buffer, pattern(1500) + "body");
    const auto size = std::size_t{1500};
    buffer.hold(size);
    bool was_moved = false;
    const auto held_bytes = buffer.make_space(8192, was_moved);
    CHECK(was_moved);
    CHECK(held_bytes == pattern(size));
    CHECK(buffer.unread() == "body");

    for (int i = 0; i < 100; ++i) {
        put(buffer, pattern(500));
        buffer.consume(buffer.unread().size() - 3);
        REQUIRE(held_bytes == pattern(size));
    }
    CHECK(buffer.make_space(8192, was_moved).data() == held_bytes.data());
    CHECK_FALSE(was_moved);

    buffer.consume(buffer.unread().size());
    buffer.release();
    put(buffer, "next");
    CHECK(buffer.unread() == "next");
}

TEST_CASE("an input buffer that is filled repeatedly grows, and an empty one can be shrunk to its initial capacity") {
    input_buffer buffer;
    CHECK(buffer.free_space().size() == input_buffer::initial_capacity);
    for (int i = 0; i < 20; ++i) {
        const auto space = buffer.free_space();
        std::fill(space.begin(), space.end(), 'x');
        buffer.add_received(space.size());
        buffer.consume(space.size());
    }
    CHECK(buffer.free_space().size() == input_buffer::max_read_size);
    buffer.shrink();
    CHECK(buffer.free_space().size() == input_buffer::initial_capacity);
}
