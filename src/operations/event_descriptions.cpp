#include "event_descriptions.hpp"

#include <event_requests/requests.hpp>
#include <events/operations.hpp>

#include <utility>

namespace atrium::operations {
namespace {

using http::status;

constexpr std::string_view events_tag = "events";
constexpr std::string_view text = R"({"type":"string"})";
constexpr std::string_view time_text = R"({"type":"string","format":"date-time"})";
constexpr std::string_view id_number = R"({"type":"integer","format":"int64","minimum":1})";

/// A text of 1 to `max` bytes. Since a character may have more than one byte, `max` is only an upper limit for the characters.
std::string text_schema(std::size_t max) {
    return R"({"type":"string","minLength":1,"maxLength":)" + std::to_string(max) + "}";
}

http::parameter filter(std::string name, std::string description, std::string_view schema) {
    return {.name = std::move(name), .description = std::move(description), .schema = std::string{schema}};
}

http::parameter topic_filter() {
    return filter("topic", "Only those whose topic matches this pattern: * stands for one word, # for any number of words.",
                  text_schema(event_requests::max_topic_bytes));
}

http::parameter limit_parameter() {
    return filter("limit", "The maximum number of items on this page.",
                  R"({"type":"integer","minimum":1,"maximum":)" + std::to_string(event_requests::max_limit) + R"(,"default":)" +
                      std::to_string(event_requests::default_limit) + "}");
}

/// Adds the parameters `since` and `until`, which select the items of a list by the time in the member `time_member` of each
/// item.
void add_times(std::vector<http::parameter>& parameters, const std::string& time_member) {
    parameters.push_back(filter("since", "Only those whose " + time_member + " is not earlier than this.", time_text));
    parameters.push_back(filter("until", "Only those whose " + time_member + " is earlier than this.", time_text));
}

std::vector<http::parameter> with_page(std::vector<http::parameter> filters, std::string_view cursor) {
    filters.push_back(limit_parameter());
    filters.push_back(
        filter("after", "The position after which the page begins, from the header Link of the previous page.", cursor));
    return filters;
}

constexpr std::string_view count_schema = R"({
    "description": "A number, or a text such as \"10000+\" if counting stopped there.",
    "oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+\\+$"}]
})";

constexpr std::string_view event_schema = R"({
    "type": "object",
    "description": "An event: CloudEvents 1.0 in JSON. If the event is no longer kept, only its subject, seq and priority are known.",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "Unique together with the source."},
        "source": {"type": "string", "description": "The program that has published the event."},
        "type": {"type": "string", "description": "The topic."},
        "subject": {"type": "string", "description": "The key: the entity that the event is about."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"description": "asyncapi.json describes the data of each topic."},
        "seq": {"type": "integer", "format": "int64", "minimum": 0, "description": "The position in the journal."},
        "priority": {"type": "integer", "minimum": 0, "maximum": 9},
        "traceparent": {"type": "string", "description": "W3C trace context."}
    },
    "required": ["subject", "seq", "priority"]
})";

constexpr std::string_view failure_schema = R"({
    "type": "object",
    "description": "A failed attempt.",
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "error": {"type": "string"},
        "attempt": {"type": "integer"}
    },
    "required": ["at", "error", "attempt"]
})";

constexpr std::string_view journey_schema = R"({
    "type": "object",
    "description": "An event and its delivery to each subscription.",
    "properties": {
        "seq": {"type": "integer", "format": "int64"},
        "event": {"$ref": "#/components/schemas/Event"},
        "request_id": {"type": ["string", "null"], "description": "The id of the request that published the event."},
        "trace_id": {"type": ["string", "null"]},
        "edited_from": {"type": ["string", "null"], "description": "The id of the dead letter whose event this one replaces."},
        "subscriptions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "state": {"enum": ["scheduled", "handled", "queued", "ready", "backoff", "dead", "discarded", "at_broker"]},
                    "position": {"$ref": "#/components/schemas/Count"},
                    "attempts": {"type": "integer"},
                    "due": {"type": ["string", "null"], "format": "date-time"},
                    "replay": {"type": ["string", "null"]},
                    "dead_letter": {"type": ["string", "null"]},
                    "archived": {"type": "integer", "format": "int64"},
                    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Failure"}}
                },
                "required": ["name", "state", "position", "attempts", "due", "replay", "dead_letter", "errors"]
            }
        }
    },
    "required": ["seq", "event", "request_id", "trace_id", "edited_from", "subscriptions"]
})";

constexpr std::string_view subscription_schema = R"({
    "type": "object",
    "description": "A subscription and its backlog.",
    "properties": {
        "name": {"type": "string"},
        "topics": {"type": "array", "items": {"type": "string"}, "description": "Patterns."},
        "pending": {"$ref": "#/components/schemas/Count"},
        "ready": {"$ref": "#/components/schemas/Count"},
        "backoff": {"$ref": "#/components/schemas/Count"},
        "dead": {"$ref": "#/components/schemas/Count"},
        "oldest_pending_ms": {"type": "integer", "format": "int64"},
        "rate": {"type": "number", "description": "The average number of deliveries that this process handled per second in the last minute."},
        "last_error": {"type": ["string", "null"]},
        "last_error_at": {"type": ["string", "null"], "format": "date-time"},
        "paused": {"type": "boolean"},
        "claimed": {"type": "boolean", "description": "Whether this database delivers the events of the subscription."},
        "active": {"type": "boolean", "description": "Whether a handler in this process is attached to the subscription."}
    },
    "required": ["name", "topics", "pending", "ready", "backoff", "dead", "oldest_pending_ms", "rate", "last_error",
                 "last_error_at", "paused", "claimed", "active"]
})";

constexpr std::string_view dead_letter_members = R"(
        "subscription": {"type": "string"},
        "seq": {"type": "integer", "format": "int64"},
        "topic": {"type": "string"},
        "key": {"type": "string"},
        "attempts": {"type": "integer"},
        "error": {"type": "string", "description": "The error of the last attempt."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Failure"}},
        "died_at": {"type": "string", "format": "date-time"},
        "event": {"$ref": "#/components/schemas/Event"})";

constexpr std::string_view dead_letter_names =
    R"("subscription", "seq", "topic", "key", "attempts", "error", "errors", "died_at", "event")";

constexpr std::string_view actor_member = R"("who": {"type": "string"})"; // style: as is
constexpr std::string_view actor_name = R"("who")";                       // style: as is

std::string dead_letter_schema() {
    return R"({
        "type": "object",
        "description": "A delivery that is no longer attempted.",
        "properties": {"id": {"type": "string"}, "group": {"type": "integer", "format": "int64"},)" +
           std::string{dead_letter_members} + R"(}, "required": ["id", "group", )" + std::string{dead_letter_names} + "]}";
}

std::string archived_schema() {
    return R"({
        "type": "object",
        "description": "A dead letter that was discarded, edited or removed by a limit.",
        "properties": {
            "id": {"type": "integer", "format": "int64"},
            "dead_letter": {"type": "string"},
            "resolution": {"enum": ["discarded", "edited", "expired"]},
            "reason": {"type": "string"},
            "at": {"type": "string", "format": "date-time"},
            "replacement": {"type": "integer", "format": "int64", "description": "The seq of the corrected event."},)" +
           std::string{actor_member} + "," + std::string{dead_letter_members} +
           R"(}, "required": ["id", "dead_letter", "resolution", "reason", "at", )" + std::string{actor_name} + "," +
           std::string{dead_letter_names} + "]}";
}

constexpr std::string_view group_schema = R"({
    "type": "object",
    "description": "Dead letters of one subscription and topic whose errors differ only in numbers, ids and quoted texts.",
    "properties": {
        "id": {"type": "integer", "format": "int64"},
        "subscription": {"type": "string"},
        "topic": {"type": "string"},
        "error": {"type": "string"},
        "count": {"$ref": "#/components/schemas/Count"},
        "first": {"type": "string", "format": "date-time"},
        "last": {"type": "string", "format": "date-time"},
        "example": {"type": "string", "description": "The id of one of its dead letters."}
    },
    "required": ["id", "subscription", "topic", "error", "count", "first", "last", "example"]
})";

std::string operation_schema() {
    return R"({
    "type": "object",
    "description": "An action on many events or dead letters.",
    "properties": {
        "id": {"type": "integer", "format": "int64"},
        "verb": {"enum": ["retry", "discard", "replay", "resend"]},
        "state": {"enum": ["running", "done", "cancelled"]},
        "filter": {"type": "object", "additionalProperties": true, "description": "The filter with which the action was requested."},
        "replay": {"type": "string"},
        "matched": {"type": "integer", "format": "int64"},
        "done": {"type": "integer", "format": "int64"},
        "skipped": {"type": "integer", "format": "int64"},
        "reason": {"type": "string"},
        "request_id": {"type": "string"},
        "began_at": {"type": "string", "format": "date-time"},
        "ended_at": {"type": ["string", "null"], "format": "date-time"},)" +
           std::string{actor_member} + R"(
    },
    "required": ["id", "verb", "state", "filter", "matched", "done", "skipped", "reason", "request_id", "began_at", "ended_at",)" +
           std::string{actor_name} + "]}";
}

constexpr std::string_view result_schema = R"({
    "type": "object",
    "description": "The effects of an action so far.",
    "properties": {
        "matched": {"type": "integer", "format": "int64"},
        "done": {"type": "integer", "format": "int64"},
        "skipped": {"type": "integer", "format": "int64"},
        "replay": {"type": "string", "description": "The id of the replay."}
    },
    "required": ["matched", "done"]
})";

std::string member(std::string_view name, std::string_view schema) {
    return '"' + std::string{name} + "\":" + std::string{schema};
}

/// An object with these members, and no others.
std::string request_schema(const std::string& members, std::string_view required = {}) {
    return R"({"type":"object","properties":{)" + members + "}" +
           (required.empty() ? std::string{} : R"(,"required":[)" + std::string{required} + "]") +
           R"(,"additionalProperties":false})";
}

std::string reason() {
    return member("reason", text_schema(event_requests::max_reason_bytes));
}

std::string topic() {
    return member("topic", text_schema(event_requests::max_topic_bytes));
}

/// The members that every bulk action has.
std::string bulk_members() {
    return R"("all":{"type":"boolean","description":"Must be true if nothing else limits the action."},)"
           R"("dry_run":{"type":"boolean","default":false,"description":"Only count what would be done."},)" +
           reason();
}

std::string dead_letter_request(std::string_view required = {}) {
    const auto max_ids = std::to_string(events::dead_letter_filter::max_ids);
    return request_schema(R"("ids":{"type":"array","minItems":1,"maxItems":)" + max_ids + R"(,"items":{"type":"string"}},)" +
                              member("subscription", text) + "," + topic() + "," + member("key", text) + "," +
                              member("error", text) + "," + member("group", id_number) + "," + member("since", time_text) +
                              "," + member("until", time_text) + "," + bulk_members(),
                          required);
}

std::string range_request(const std::string& more, std::string_view required = {}) {
    constexpr std::string_view limit = R"({"type":["integer","string"],"description":"The seq of an event, or a time."})";
    return request_schema(more + "," + member("from", limit) + "," + member("to", limit) + "," + topic() + "," + bulk_members(),
                          required);
}

std::string publication_request() {
    return request_schema(topic() +
                              R"(,"key":{"type":"string","description":"By default, the key of the entity in the data."},)"
                              R"("data":{"type":"object","description":"asyncapi.json describes the data of each topic."},)"
                              R"("priority":{"type":"integer","minimum":0,"maximum":9,"default":4},)" +
                              member("deliver_at", time_text) + "," + reason(),
                          R"("topic","data")");
}

std::vector<status> action_errors() {
    return {status::not_found, status::conflict, status::precondition_failed, status::unsupported_media_type,
            status::unprocessable_entity};
}

std::vector<std::string_view> preconditions() {
    return {"If-Match", "If-None-Match"};
}

} // namespace

std::vector<http::named_schema> event_schemas() {
    return {{"Count", std::string{count_schema}},
            {"Event", std::string{event_schema}},
            {"Failure", std::string{failure_schema}},
            {"Journey", std::string{journey_schema}},
            {"Subscription", std::string{subscription_schema}},
            {"DeadLetter", dead_letter_schema()},
            {"ArchivedLetter", archived_schema()},
            {"FailureGroup", std::string{group_schema}},
            {"Operation", operation_schema()},
            {"OperationResult", std::string{result_schema}},
            {"RetryRequest", dead_letter_request()},
            {"DiscardRequest", dead_letter_request()},
            {"ReplayRequest", range_request(R"("replay":{"type":"string","minLength":1,"maxLength":100})")},
            {"ResendRequest", range_request(member("subscription", text), R"("subscription")")},
            {"PublicationRequest", publication_request()},
            {"CorrectionRequest", request_schema(R"("data":{"type":"object"},)" + reason(), R"("data")")},
            {"ReasonRequest", request_schema(reason())}};
}

http::operation describe_list(std::string id, std::string_view schema, std::vector<http::parameter> parameters) {
    return {.id = std::move(id),
            .tag = std::string{events_tag},
            .parameters = std::move(parameters),
            .request_headers = preconditions(),
            .responses = {http::described_json(status::ok, "A page of the list.", http::array_of(schema), {"Link"}),
                          {status::not_modified, "The precondition If-None-Match: * is false, because the list exists."}},
            .errors = {status::not_found, status::precondition_failed}};
}

std::vector<http::parameter> page_parameters() {
    return with_page({}, id_number);
}

std::vector<http::parameter> event_filters() {
    std::vector<http::parameter> all{topic_filter(), filter("key", "Only those with this key.", text)};
    add_times(all, "time");
    all.push_back(filter(
        "trace", "Only those of the trace with this id, which is the 32 hexadecimal digits in the traceparent of a request.",
        R"({"type":"string","pattern":"^[0-9a-fA-F]{32}$"})"));
    all.push_back(filter("order", "The order of the events, by seq.", R"({"enum":["oldest","newest"],"default":"oldest"})"));
    return with_page(std::move(all), R"({"type":"integer","format":"int64","minimum":0})");
}

std::vector<http::parameter> failure_group_filters() {
    return with_page({filter("subscription", "Only those of this subscription.", text), topic_filter(),
                      filter("error", "Only those whose error contains this text.", text),
                      filter("group", "Only this group.", id_number)},
                     id_number);
}

std::vector<http::parameter> dead_letter_filters() {
    std::vector<http::parameter> all{filter("subscription", "Only those of this subscription.", text),
                                     topic_filter(),
                                     filter("error", "Only those whose error contains this text.", text),
                                     filter("group", "Only those of this group.", id_number),
                                     filter("ids", "Only those with these ids, separated by commas.", text),
                                     filter("key", "Only those whose event has this key.", text)};
    add_times(all, "died_at");
    return with_page(std::move(all), text);
}

http::operation describe_item(std::string id, std::string_view schema, http::parameter in_path) {
    return {.id = std::move(id),
            .tag = std::string{events_tag},
            .parameters = {std::move(in_path)},
            .responses = {http::described_json(status::ok, "Its current state.", http::schema_named(schema))},
            .errors = {status::not_found}};
}

http::operation describe_bulk_action(std::string id, std::string_view request, std::vector<http::parameter> in_path) {
    const auto result = http::schema_named("OperationResult");
    return {.id = std::move(id),
            .tag = std::string{events_tag},
            .parameters = std::move(in_path),
            .request_headers = preconditions(),
            .body = http::body_of_fields(http::schema_named(request)),
            .responses = {http::described_json(status::ok, "The action is complete, or its matches were only counted.", result,
                                               {"Location"}),
                          http::described_json(status::accepted,
                                               "The action is still running; Location is the address of its progress.", result,
                                               {"Location"})},
            .errors = action_errors()};
}

http::operation describe_publication(std::string id, std::string_view request, std::vector<http::parameter> in_path) {
    return {.id = std::move(id),
            .tag = std::string{events_tag},
            .parameters = std::move(in_path),
            .request_headers = preconditions(),
            .body = http::body_of_fields(http::schema_named(request)),
            .responses = {http::described_json(status::created, "The event that was published.", http::schema_named("Event"),
                                               {"Location"})},
            .errors = action_errors()};
}

http::operation describe_switch(std::string id) {
    auto body = http::body_of_fields(http::schema_named("ReasonRequest"));
    body.is_required = false;
    return {.id = std::move(id),
            .tag = std::string{events_tag},
            .parameters = {subscription_name()},
            .request_headers = preconditions(),
            .body = std::move(body),
            .responses = {{status::no_content, "The subscription is paused or resumed."}},
            .errors = action_errors()};
}

http::operation describe_stream() {
    return {.id = "follow_events",
            .tag = std::string{events_tag},
            .description = "Each server-sent event has an event of the journal as JSON in data, and the seq of this event in "
                           "id. A client that reconnects with Last-Event-ID misses nothing.",
            .parameters = {topic_filter(), filter("after", "The seq after which the stream begins. By default, it begins now.",
                                                  R"({"type":"integer","format":"int64","minimum":0})")},
            .request_headers = {"Last-Event-ID"},
            .responses = {{status::ok, "The stream.", {{"text/event-stream", std::string{text}}}}},
            .errors = {status::not_found}};
}

http::operation describe_drain() {
    return {.id = "drain_events",
            .tag = std::string{events_tag},
            .responses = {http::described_json(
                status::ok, "No message for this process is left at the broker.",
                R"({"type":"object","properties":{"drained":{"const":true}},"required":["drained"]})")},
            .errors = {status::conflict}};
}

http::parameter subscription_name() {
    return http::in_path("name", "The name of a subscription.", std::string{text});
}

http::parameter dead_letter_id() {
    return http::in_path("id", "The id of a dead letter.", std::string{text});
}

http::parameter event_seq() {
    return http::in_path("seq", "The seq of an event.", std::string{id_number});
}

http::parameter operation_id() {
    return http::in_path("id", "The id of an action.", std::string{id_number});
}

} // namespace atrium::operations
