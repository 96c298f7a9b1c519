#pragma once

#include <events/bulk_operation.hpp>

#include <string_view>

namespace atrium::events {

// The inverse of `name_of`. An unknown name results in the last value of the enumeration.
[[nodiscard]] bulk_verb bulk_verb_of(std::string_view name) noexcept;
[[nodiscard]] bulk_state bulk_state_of(std::string_view name) noexcept;

/// The topic of the event that an operation publishes: "operations.retried".
[[nodiscard]] std::string_view topic_of(bulk_verb verb) noexcept;

} // namespace atrium::events
