#pragma once

#include "amqp.hpp"
#include "message.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Conversions between librabbitmq's views of memory and our values.
namespace atrium::events::rabbitmq {

/// Returns a view of `text`, which must outlive the view. librabbitmq does not write to the text.
[[nodiscard]] inline amqp_bytes_t as_bytes(std::string_view text) noexcept {
    return {text.size(), const_cast<char*>(text.data())};
}

[[nodiscard]] inline std::string_view as_text(amqp_bytes_t bytes) noexcept {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

/// Returns views of the properties of `m`. The headers are written to `entries`. `m` and `entries` must outlive the result.
[[nodiscard]] amqp_basic_properties_t properties_of(const message& m, std::vector<amqp_table_entry_t>& entries);

/// Copies the properties into `target`, except the expiration, which no receiver needs.
void take_properties(const amqp_basic_properties_t& properties, message& target);

/// Returns a table entry with views of `name` and `text`, which must outlive the entry.
[[nodiscard]] amqp_table_entry_t text_entry(std::string_view name, std::string_view text) noexcept;

} // namespace atrium::events::rabbitmq
