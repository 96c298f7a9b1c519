#include "adapter.hpp"

namespace atrium::contract {
namespace {

class in_process_adapter final : public adapter {
public:
    [[nodiscard]] std::unique_ptr<events::durable_bus> make_bus(events::bus_parts parts) const override {
        return events::make_in_process_bus(std::move(parts));
    }
    [[nodiscard]] bool is_broker_empty() const override { return true; }
};

} // namespace

std::unique_ptr<adapter> in_process(const std::filesystem::path&) {
    return std::make_unique<in_process_adapter>();
}

} // namespace atrium::contract
