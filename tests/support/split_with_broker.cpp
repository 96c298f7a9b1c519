#include <support/split_with_broker.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace atrium::support {

rabbitmq_broker& split_with_broker::broker() {
    static rabbitmq_broker shared;
    return shared;
}

split_with_broker::split_with_broker(std::string vhost)
    : split_servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + broker().url(vhost)}}, vhost_{std::move(vhost)} {}

namespace {

bool is_empty(rabbitmq_broker& broker, const std::string& vhost) {
    try {
        const auto queues = broker.queues(vhost);
        return std::all_of(queues.begin(), queues.end(), [](const auto& q) { return q.messages() == 0; });
    } catch (const std::runtime_error&) { // a queue that is being declared, or elects its leader, cannot be counted
        return false;
    }
}

} // namespace

/// An event is in its publisher's journal, at the broker or in its receiver's journal, and goes on in that order; its handler
/// may publish another. So one look at each place could just miss it, and each of the steps of our longest chain needs one
/// more.
bool split_with_broker::is_quiet() {
    constexpr int looks = 4;
    for (int i = 0; i < looks; ++i)
        if (!split_servers::is_quiet() || !is_empty(broker(), vhost_))
            return false;
    return true;
}

} // namespace atrium::support
