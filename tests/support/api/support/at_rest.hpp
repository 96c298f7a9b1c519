#pragma once

#include <support/rabbitmq_broker.hpp>

#include <string_view>

namespace atrium::support {

/// Whether no event is under way: not in the journals, of which `journals_are_empty` tells, and not at the broker.
///
/// An event is in its publisher's journal, at the broker or in its receiver's journal, and goes on in that order; its handler
/// may publish another. So one look at each place could just miss it, and each of the steps of our longest chain needs one
/// more.
template <class Condition>
bool is_at_rest(Condition journals_are_empty, rabbitmq_broker& broker, std::string_view vhost) {
    constexpr int looks = 4;
    for (int i = 0; i < looks; ++i)
        if (!journals_are_empty() || !broker.is_empty(vhost))
            return false;
    return true;
}

} // namespace atrium::support
