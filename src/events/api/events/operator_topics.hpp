#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// An event with which the journal reports what an operator has done. It is published in the commit that completes the action.
struct operator_topic {
    std::string_view name;    ///< "operations.paused"
    std::string_view summary; ///< what was done, and what the key of the event is
    std::string data;         ///< the JSON Schema of its data
};

/// All topics of such events.
[[nodiscard]] std::vector<operator_topic> operator_topics();

} // namespace atrium::events
