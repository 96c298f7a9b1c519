#pragma once

#include <support/rabbitmq_broker.hpp>

#include <string_view>

namespace atrium::support {

/// Whether no event is in transit: neither in the journals, which `journals_are_empty` checks, nor at the broker.
///
/// An event is in its publisher's journal, at the broker or in its receiver's journal, and moves in that order; its handler
/// may publish another one. A single check of each place could just miss it, so each step of our longest chain of events needs
/// one more check.
template <class Condition>
bool is_at_rest(Condition journals_are_empty, rabbitmq_broker& broker, std::string_view vhost) {
    constexpr int looks = 4;
    for (int i = 0; i < looks; ++i)
        if (!journals_are_empty() || !broker.is_empty(vhost))
            return false;
    return true;
}

} // namespace atrium::support
