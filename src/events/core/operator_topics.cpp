#include <events/operator_topics.hpp>

namespace atrium::events {
namespace {

constexpr std::string_view origin_members =
    R"("who": {"type": "string"}, "reason": {"type": "string"}, "request_id": {"type": "string"}, )"; // style: as is
constexpr std::string_view origin_names = R"("who", "reason", "request_id", )";                       // style: as is

/// The schema of data with these members, and with the members that show the origin of the action.
std::string data_with(std::string_view members, std::string_view required) {
    std::string schema = R"({"type": "object", "properties": {)";
    schema.append(origin_members).append(members).append(R"(}, "required": [)").append(origin_names).append(required);
    return schema.append("]}");
}

std::string data_of_bulk_action() {
    return data_with(R"(
        "operation": {"type": "integer", "format": "int64", "description": "The id of the action."},
        "verb": {"enum": ["retry", "discard", "replay", "resend"]},
        "state": {"enum": ["done", "cancelled"]},
        "filter": {"type": "object", "additionalProperties": true, "description": "The filter with which the action was requested."},
        "replay": {"type": "string"},
        "matched": {"type": "integer", "format": "int64"},
        "done": {"type": "integer", "format": "int64"},
        "skipped": {"type": "integer", "format": "int64"})",
                     R"("operation", "verb", "state", "filter", "matched", "done", "skipped")");
}

std::string data_of_switch() {
    return data_with(R"("subscription": {"type": "string"})", R"("subscription")");
}

std::string data_of_edit() {
    return data_with(R"(
        "dead_letter": {"type": "string", "description": "The id of the dead letter."},
        "seq": {"type": "integer", "format": "int64", "description": "The seq of its event."},
        "replacement": {"type": "integer", "format": "int64", "description": "The seq of the corrected event."})",
                     R"("dead_letter", "seq", "replacement")");
}

std::string data_of_publication() {
    return data_with(R"("seq": {"type": "integer", "format": "int64"}, "topic": {"type": "string"}, "key": {"type": "string"})",
                     R"("seq", "topic", "key")");
}

} // namespace

std::vector<operator_topic> operator_topics() {
    return {{"operations.retried", "Dead letters were delivered again. The key is operation/ID.", data_of_bulk_action()},
            {"operations.discarded", "Dead letters were discarded. The key is operation/ID.", data_of_bulk_action()},
            {"operations.replayed", "Events were delivered again. The key is operation/ID.", data_of_bulk_action()},
            {"operations.resent", "Events were sent to a broker again. The key is operation/ID.", data_of_bulk_action()},
            {"operations.paused", "A subscription was paused. The key is its name.", data_of_switch()},
            {"operations.resumed", "A subscription was resumed. The key is its name.", data_of_switch()},
            {"operations.edited", "A dead letter was replaced. The key is dead_letter/ID.", data_of_edit()},
            {"operations.published", "An event was published by hand. The key is event/SEQ.", data_of_publication()}};
}

} // namespace atrium::events
