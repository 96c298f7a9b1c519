#pragma once

#include <base/json_writer.hpp>
#include <event_requests/bulk.hpp>
#include <events/operations.hpp>

#include <string>

/// The JSON for events, subscriptions and dead letters, as operators see them.
namespace atrium::operations {

/// Writes an event as CloudEvents 1.0 in JSON, with the extensions `seq`, `priority` and `traceparent`. If the journal no
/// longer contains the event, writes only `seq`, `subject` and `priority`, because nothing else is known.
void show(json_writer& json, const events::event& e);

/// Writes a number, or a text such as "10000+" if counting stopped at that number.
void show(json_writer& json, const events::capped_count& c);

void show(json_writer& json, const events::journey& j);
void show(json_writer& json, const events::subscription_state& s);
void show(json_writer& json, const events::dead_letter& d);
void show(json_writer& json, const events::failure_group& g);
void show(json_writer& json, const events::archived_letter& a);
void show(json_writer& json, const events::bulk_operation& o);
void show(json_writer& json, const event_requests::bulk_result& r);

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    std::string text;
    json_writer json{text};
    show(json, value);
    return text;
}

} // namespace atrium::operations
