#pragma once

#include <entity/description.hpp>
#include <event_requests/event_schemas.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// An entity "lamp", whose events have a field of every kind.
namespace atrium::event_requests::test {

enum class lamp_state { lit, dark };

inline const entity::enumeration& describe_enumeration(lamp_state) {
    static constexpr std::array<std::string_view, 2> words{"lit", "dark"};
    static constexpr entity::enumeration all{"LampState", "The state of a lamp.", words};
    return all;
}

using lamp_id = id<struct lamp_tag>;

struct lamp {
    lamp_id id = {};
    std::string name = {};
    std::optional<std::string> note = {};
    std::int64_t watts = 0;
    bool is_new = false;
    lamp_state state = lamp_state::dark;
    timestamp lit_at = {};
};

inline const auto lamp_entity = entity::describe<lamp>(
    "Lamp", "A lamp.", entity::table{"lamps_lamp", "l"},
    entity::field{"id", &lamp::id, "l.id"}.as(entity::role::identifier).in_events("lamp_id"),
    entity::field{"name", &lamp::name, "l.name"}.in_events().create(entity::required, entity::length(1, 20)),
    entity::field{"note", &lamp::note, "l.note"}.in_events(),
    entity::field{"watts", &lamp::watts, "l.watts"}.in_events().not_in_event("lamps.lamp_broken"),
    entity::field{"is_new", &lamp::is_new, "l.is_new"}.in_events(), entity::field{"state", &lamp::state, "l.state"}.in_events(),
    entity::field{"lit_at", &lamp::lit_at, "l.lit_at"}.in_events());

inline event_schemas lamp_schemas() {
    return event_schemas{{{"lamps.lamp_lit", &lamp_entity}, {"lamps.lamp_broken", &lamp_entity}}};
}

inline constexpr std::string_view lit_data =
    R"({"lamp_id":7,"name":"desk","note":null,"watts":40,"is_new":true,"state":"lit","lit_at":"2026-11-22T12:00:00Z"})";

/// The errors as lines "pointer: detail"; empty if there are none.
template <class T>
std::string errors_of(const result<T>& read) {
    std::string lines;
    if (!read)
        for (const auto& each : read.error().faults)
            lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

} // namespace atrium::event_requests::test
