#include "core/operation_names.hpp"

#include <events/journey.hpp>

namespace atrium::events {

std::string_view name_of(delivery_state state) noexcept {
    switch (state) {
    case delivery_state::handled: return "handled";
    case delivery_state::queued: return "queued";
    case delivery_state::ready: return "ready";
    case delivery_state::backoff: return "backoff";
    case delivery_state::dead: return "dead";
    case delivery_state::discarded: return "discarded";
    case delivery_state::at_broker: break;
    }
    return "at_broker";
}

std::string_view name_of(bulk_verb verb) noexcept {
    switch (verb) {
    case bulk_verb::retry: return "retry";
    case bulk_verb::discard: return "discard";
    case bulk_verb::replay: return "replay";
    case bulk_verb::resend: break;
    }
    return "resend";
}

std::string_view name_of(bulk_state state) noexcept {
    switch (state) {
    case bulk_state::running: return "running";
    case bulk_state::done: return "done";
    case bulk_state::cancelled: break;
    }
    return "cancelled";
}

std::string_view topic_of(bulk_verb verb) noexcept {
    switch (verb) {
    case bulk_verb::retry: return "operations.retried";
    case bulk_verb::discard: return "operations.discarded";
    case bulk_verb::replay: return "operations.replayed";
    case bulk_verb::resend: break;
    }
    return "operations.resent";
}

bulk_verb bulk_verb_of(std::string_view name) noexcept {
    for (const auto verb : {bulk_verb::retry, bulk_verb::discard, bulk_verb::replay})
        if (name == name_of(verb))
            return verb;
    return bulk_verb::resend;
}

bulk_state bulk_state_of(std::string_view name) noexcept {
    for (const auto state : {bulk_state::running, bulk_state::done})
        if (name == name_of(state))
            return state;
    return bulk_state::cancelled;
}

} // namespace atrium::events
