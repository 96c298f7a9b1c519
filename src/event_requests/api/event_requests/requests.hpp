#pragma once

#include <base/error.hpp>
#include <base/ids.hpp>
#include <event_requests/event_schemas.hpp>
#include <events/operations.hpp>
#include <input/reader.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The requests of operators about events, which are read from the input of REST and GraphQL. A `read_...` function that
/// returns a `result` reads the whole input; its errors are invalid or malformed. Every other `read_...` function adds its
/// errors to the reader, and its caller then calls `reader.finish()`.
namespace atrium::event_requests {

/// The maximum number of items on a page.
inline constexpr std::int64_t max_limit = 1000;
inline constexpr std::int64_t default_limit = 100;
/// The limit of AMQP for routing keys, because topics are used as routing keys.
inline constexpr std::size_t max_topic_bytes = 255;
inline constexpr std::size_t max_reason_bytes = 1000;

/// A request for a page of events of the journal.
struct event_list_request {
    events::event_filter filter;
    events::event_order order = events::event_order::oldest_first;
    std::optional<events::event_seq> after;
};

/// Reads `topic`, `key`, `since`, `until`, `trace`, `order` and `after`.
[[nodiscard]] event_list_request read_event_list(input::reader& reader);

/// Parses the seq of an event, or 0, the position before the first event. Empty if the text is neither.
[[nodiscard]] std::optional<events::event_seq> parse_seq(std::string_view text) noexcept;

/// Reads `after`, the id of the last row of an earlier page.
template <class Id>
[[nodiscard]] std::optional<Id> read_after_id(input::reader& reader) {
    const auto text = reader.text("after");
    const auto id = text ? parse_id(*text) : std::nullopt;
    if (text && !id)
        reader.add_error("after", "must be the cursor of an earlier page of this list");
    return id ? std::optional{Id{*id}} : std::nullopt;
}

/// Reads `topic`, a pattern.
[[nodiscard]] std::optional<std::string> read_topic_pattern(input::reader& reader);

/// Reads `ids`, `subscription`, `topic`, `key`, `error`, `since`, `until` and `group`.
[[nodiscard]] events::dead_letter_filter read_dead_letter_filter(input::reader& reader);
/// Reads `subscription`, `topic`, `error` and `group`, the members of a filter that can select failure groups.
[[nodiscard]] events::dead_letter_filter read_group_filter(input::reader& reader);

/// Reads `reason`, which may be absent.
[[nodiscard]] std::string read_reason(input::reader& reader);

/// A retry or discard of dead letters.
struct dead_letter_request {
    events::dead_letter_filter filter;
    std::string reason;
    bool is_dry_run = false; ///< only count the matches
};

/// Reads a filter, `all`, `dry_run` and `reason`. A filter without any member is refused unless `all` is true.
[[nodiscard]] result<dead_letter_request> read_retry(input::reader& reader);
/// Like `read_retry`, but `reason` is required unless `dry_run` is true.
[[nodiscard]] result<dead_letter_request> read_discard(input::reader& reader);

/// A replay or a resend of a part of the journal.
struct range_request {
    events::event_range range;
    std::string replay; ///< the id that the client has chosen for the replay; empty if it has chosen none
    std::string reason;
    bool is_dry_run = false;
};

/// Reads `from` and `to` (each the seq of an event, or a time), `topic`, `replay`, `all`, `dry_run` and `reason`. A range
/// without any limit or topic is refused unless `all` is true.
[[nodiscard]] result<range_request> read_replay(input::reader& reader, std::string subscription);
/// Reads the members that `read_replay` reads, except `replay`, and the required member `subscription`.
[[nodiscard]] result<range_request> read_resend(input::reader& reader);

/// Reads `reason` and nothing else.
[[nodiscard]] result<std::string> read_reason_only(input::reader& reader);

/// An event that an operator publishes.
struct publication {
    events::new_event event;
    std::string reason;
};

/// Reads `topic`, `key`, `data`, `priority`, `deliver_at` and `reason`, and compares topic and data with the schemas. Without a
/// key, the event gets the key of the entity in its data.
[[nodiscard]] result<publication> read_publication(input::reader& reader, const event_schemas& schemas);

/// The new data for the event of a dead letter.
struct correction {
    std::string data;
    std::string reason;
};

/// Reads `data` and `reason`.
[[nodiscard]] result<correction> read_correction(input::reader& reader);

} // namespace atrium::event_requests
