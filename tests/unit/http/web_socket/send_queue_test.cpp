#include "web_socket/send_queue.hpp"

#include <support/catch.hpp>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;

const send_queue::time_point start{100s};

} // namespace

TEST_CASE("messages are queued up to the limit, which includes an overhead for each message") {
    send_queue queue{1000};
    queue.push(std::string(436, 'a')); // 500 bytes with the overhead
    CHECK(queue.has_room(436));
    CHECK_FALSE(queue.has_room(437));
    queue.pop(start);
    CHECK(queue.is_empty());
    CHECK(queue.has_room(936));
}

TEST_CASE("an empty queue accepts a message of any size") {
    send_queue queue{1000};
    CHECK(queue.has_room(5000));
    queue.push(std::string(5000, 'a'));
    CHECK_FALSE(queue.has_room(0));
}

TEST_CASE("dropping all queued messages but the first does not move the first one in memory") {
    send_queue queue{1000};
    queue.push("first");
    queue.push("second");
    queue.push("third");
    const auto first = queue.front();
    queue.keep_first(1);
    CHECK(queue.front() == "first");
    CHECK(queue.front().data() == first.data());
    queue.pop(start);
    CHECK(queue.is_empty());
    CHECK(queue.has_room(936));
}

TEST_CASE("a send queue blocks its senders if one of them waits for space and no message leaves the queue in time") {
    send_queue queue{1000};
    queue.push("first");
    queue.push("second");
    CHECK_FALSE(queue.is_blocking_senders(start + 1h, 10s));
    {
        const send_queue::waiter first{queue, start};
        CHECK_FALSE(queue.is_blocking_senders(start + 9s, 10s));
        CHECK(queue.is_blocking_senders(start + 10s, 10s));
        const send_queue::waiter second{queue, start + 5s}; // a second waiter does not extend the time limit
        CHECK(queue.is_blocking_senders(start + 10s, 10s));
        queue.pop(start + 8s);
        CHECK_FALSE(queue.is_blocking_senders(start + 17s, 10s));
        CHECK(queue.is_blocking_senders(start + 18s, 10s));
    }
    CHECK_FALSE(queue.is_blocking_senders(start + 1h, 10s));
}

TEST_CASE("a send queue does not count as blocking its senders while its first message is larger than the limit") {
    send_queue queue{1000};
    queue.push(std::string(937, 'a'));
    const send_queue::waiter waiter{queue, start};
    CHECK_FALSE(queue.is_blocking_senders(start + 1h, 10s));
}

} // namespace atrium::http
