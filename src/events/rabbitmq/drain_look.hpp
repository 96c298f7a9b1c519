#pragma once

#include "consumer.hpp"

#include <cstdint>
#include <optional>

namespace atrium::events::rabbitmq {

/// The state of one subscription at the broker, as seen by a drain.
struct drain_look {
    std::optional<std::uint32_t> base;    ///< messages that wait in the subscription's queue; empty if there is no such queue
    std::optional<std::uint32_t> interim; ///< the same for the interim queue that temporarily replaces it
    consumer::role role = consumer::role::absent;
};

/// Whether the broker certainly holds no message for this process. False while this process is not connected or the base queue
/// does not exist, because it is then unknown whether messages are left. If there is an interim queue, true only if it is empty
/// and this process is on standby: otherwise this process still has to finish the replacement.
[[nodiscard]] inline bool holds_nothing(const drain_look& l) noexcept {
    if (l.role == consumer::role::absent || l.base != 0U)
        return false;
    return !l.interim || (l.role == consumer::role::standby && l.interim == 0U);
}

} // namespace atrium::events::rabbitmq
