#include "core/journal_bus.hpp"

#include <events/adapters.hpp>

namespace atrium::events {
namespace {

/// Delivers events to the handlers of the process that has published them. The events pass through the journal, but not through
/// a broker.
class in_process_bus final : public journal_bus {
public:
    using journal_bus::journal_bus;

    [[nodiscard]] std::string_view adapter() const noexcept override { return "in-process"; }
    /// Does nothing, because there is no broker that could hold events.
    [[nodiscard]] awaitable<result<>> drain() override { co_return result<>{}; }

private:
    void take_over(storage::transaction& t) override;
};

void in_process_bus::take_over(storage::transaction& t) {
    const auto previous = table::last_adapter(t);
    if (previous && previous->name != adapter() && !previous->drained && !parts_.settings.force_adapter)
        throw start_error{"the events of this database went through " + previous->name +
                          ", and some may still be at its broker: start once more with bus.adapter=\"" + previous->name +
                          "\" and run `atrium events drain`; or give them up with --force"};
    if (const auto moved = journal_.reroute_to_local(t); moved > 0)
        parts_.log.info("events that waited for the broker are delivered to the local subscriptions", {{"events", moved}});
    table::set_adapter(t, adapter(), true);
}

} // namespace

std::unique_ptr<durable_bus> make_in_process_bus(bus_parts parts) {
    return std::make_unique<in_process_bus>(std::move(parts));
}

} // namespace atrium::events
