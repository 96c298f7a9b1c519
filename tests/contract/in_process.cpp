#include "adapter.hpp"

namespace atrium::contract {

adapter::adapter(const std::filesystem::path&) {}

std::unique_ptr<events::durable_bus> adapter::make_bus(events::bus_parts with) const {
    return events::make_in_process_bus(std::move(with));
}

bool adapter::nothing_at_broker() const {
    return true;
}

} // namespace atrium::contract
