#pragma once

#include <support/rabbitmq_broker.hpp>

#include <string_view>

namespace atrium::support {

/// Whether no event is in transit: neither in the journals, which `journals_are_empty` checks, nor at the broker.
///
/// An event moves from its publisher's journal to the broker and from there to its receiver's journal. Its handler may publish
/// another event. If each place were checked only once, an event could move past the check. So everything is checked once more
/// for each step of the longest chain of events in Atrium.
template <class Condition>
bool is_at_rest(Condition journals_are_empty, rabbitmq_broker& broker, std::string_view vhost) {
    constexpr int checks = 4;
    for (int i = 0; i < checks; ++i)
        if (!journals_are_empty() || !broker.is_empty(vhost))
            return false;
    return true;
}

} // namespace atrium::support
