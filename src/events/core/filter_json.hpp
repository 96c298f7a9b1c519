#pragma once

#include <events/bulk_operation.hpp>
#include <events/dead_letter.hpp>

#include <string>
#include <string_view>

namespace atrium::events {

// Filters as JSON objects: the form in which operations store and publish them. Members that are not set are left out. Times
// are in RFC 3339.

[[nodiscard]] std::string to_json(const dead_letter_filter& filter);
[[nodiscard]] std::string to_json(const event_range& range);

// The argument is the result of `to_json`.
[[nodiscard]] dead_letter_filter dead_letter_filter_of(std::string_view json);
[[nodiscard]] event_range event_range_of(std::string_view json);

} // namespace atrium::events
