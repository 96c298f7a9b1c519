#pragma once

#include <cstdint>
#include <string>

/// The messages that the programs of bench/ send. The relay and the minimal publisher send the same ones, so that they can be
/// compared.
namespace bench {

constexpr int window = 1000; // sent messages that are not confirmed yet, as in bus.rabbitmq.window
constexpr auto topic = "bench.order_created";

/// A body that is about as large as the data of an order's event.
inline std::string body(std::int64_t number) {
    const auto n = std::to_string(number);
    return R"({"order_id":)" + n + R"(,"user_id":)" + n + R"(,"user":"seed-)" + n +
           R"(","product_name":"green tea","quantity":2,"status":"created","created_at":"2025-01-01T12:00:00Z"})";
}

} // namespace bench
