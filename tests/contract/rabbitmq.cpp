#include "adapter.hpp"

#include <support/rabbitmq_broker.hpp>

#include <algorithm>
#include <fstream>

namespace atrium::contract {

/// Each process has a virtual host of its own, whose name is kept beside its database: a child that is killed finds it as well.
adapter::adapter(const std::filesystem::path& folder) {
    const auto file = folder / "vhost";
    if (std::ifstream known{file}; known >> place_)
        return;
    place_ = support::shared_broker().new_vhost();
    std::ofstream{file} << place_;
}

std::unique_ptr<events::durable_bus> adapter::make_bus(events::bus_parts with) const {
    events::rabbitmq::settings broker;
    broker.url = support::shared_broker().url(place_);
    return events::make_rabbitmq_bus(std::move(with), broker);
}

bool adapter::nothing_at_broker() const {
    const auto queues = support::shared_broker().queues(place_);
    return std::ranges::all_of(queues, [](const auto& queue) { return queue.messages() == 0; });
}

} // namespace atrium::contract
