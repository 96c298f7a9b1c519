#include "handlers.hpp"

#include <entity/event_data.hpp>
#include <widgets/events.hpp>
#include <widgets/widget.hpp>

#include <string>

namespace atrium::widgets {
namespace {

/// The part of an event that the history needs.
struct changed_widget {
    widget_id id;
};
const auto changed_widget_data = entity::describe_data<changed_widget>(entity::datum{"widget_id", &changed_widget::id});

} // namespace

events::subscription history() {
    return {.name = "widgets.history",
            .topics = {std::string{widget_created}, std::string{widget_updated}, std::string{widget_deleted}}};
}

std::vector<host::consumption> consumed_events() {
    std::vector<host::consumption> all;
    for (const auto& topic : history().topics)
        all.push_back({topic, &changed_widget_data});
    return all;
}

/// The handler runs in one transaction with the removal of the delivery, so it takes effect exactly once for each event.
void add_handlers(events::bus& bus) {
    bus.subscribe(history(), [](storage::transaction& t, const events::event& e) -> result<> {
        const auto changed = changed_widget_data.read(e.data);
        if (!changed)
            return changed.error();
        t.execute("INSERT INTO widgets_history (widget_id, topic, happened_at) VALUES (?1, ?2, ?3)", changed->id, e.topic,
                  e.time);
        return {};
    });
}

} // namespace atrium::widgets
