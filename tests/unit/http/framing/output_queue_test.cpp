#include "framing/output_queue.hpp"

#include <support/catch.hpp>

#include <memory>
#include <string>

using namespace atrium::http;

namespace {

/// Removes everything from the queue, at most `max_size` bytes at a time, and returns it.
std::string take_in_pieces(output_queue& queue, std::size_t max_size) {
    std::string all;
    while (!queue.is_empty()) {
        std::string some;
        for (const auto& buffer : queue.next())
            some.append(static_cast<const char*>(buffer.data()), buffer.size());
        REQUIRE_FALSE(some.empty());
        some.resize(std::min(some.size(), max_size));
        all += some;
        queue.consume(some.size());
    }
    return all;
}

} // namespace

TEST_CASE("an output queue returns text and bodies in order, however many bytes each write accepts") {
    const auto owner = std::make_shared<const std::string>("SHARED");
    for (const std::size_t max_size : {1U, 2U, 3U, 7U, 100U}) {
        CAPTURE(max_size);
        output_queue queue;
        queue.text().append("a");
        queue.append(std::string{"BODY"});
        queue.append(shared_text{*owner, owner});
        queue.text().append("bc");
        for (int i = 0; i < 20; ++i) {
            queue.append(std::string{"x"});
            queue.text().append("y");
        }
        CHECK(queue.size() == 13 + 40);
        std::string expected = "aBODYSHAREDbc";
        for (int i = 0; i < 20; ++i)
            expected += "xy";
        CHECK(take_in_pieces(queue, max_size) == expected);
        CHECK(queue.is_plain());
        CHECK(queue.size() == 0);
    }
    CHECK(owner.use_count() == 1);
}

TEST_CASE("an output queue does not copy bodies, and does not count shared ones as the connection's memory") {
    output_queue queue;
    const auto owner = std::make_shared<const std::string>(100'000, 'x');
    queue.append(shared_text{*owner, owner});
    CHECK((*queue.next().begin()).data() == owner->data());
    CHECK(queue.memory() < 1000);
    CHECK_FALSE(queue.is_plain());
    queue.append(std::string(50'000, 'y'));
    CHECK(queue.memory() >= 50'000);
    queue.consume(100'000);
    CHECK(owner.use_count() == 1);
    queue.consume(50'000);
    CHECK(queue.memory() < 1000);
}

TEST_CASE("an output queue ignores empty bodies") {
    output_queue queue;
    queue.append(std::string{});
    queue.append(shared_text{});
    CHECK(queue.is_empty());
    CHECK(queue.is_plain());
}

TEST_CASE("clearing an output queue frees its bodies and memory") {
    output_queue queue;
    const auto owner = std::make_shared<const std::string>("x");
    queue.text().append(std::string(100'000, 'x'));
    queue.append(shared_text{*owner, owner});
    queue.clear();
    CHECK(queue.is_empty());
    CHECK(owner.use_count() == 1);
    CHECK(queue.memory() < 1000);
}
