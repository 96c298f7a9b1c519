#pragma once

#include <cstdint>
#include <string>

/// What both programs send, and how: the relay and the publisher that it is held against.
namespace bench {

constexpr int window = 1000; // messages that are sent and not confirmed yet, as bus.rabbitmq.window has it
constexpr auto topic = "bench.order_created";

/// As large as the data of an order's event.
inline std::string body(std::int64_t number) {
    const auto n = std::to_string(number);
    return R"({"order_id":)" + n + R"(,"user_id":)" + n + R"(,"user":"seed-)" + n +
           R"(","product_name":"green tea","quantity":2,"status":"created","created_at":"2025-01-01T12:00:00Z"})";
}

} // namespace bench
