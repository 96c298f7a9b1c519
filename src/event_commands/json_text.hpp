#pragma once

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::event_commands {

/// The value of a member as text for people: a string as it is, null as "-", everything else as JSON. Empty if there is no such
/// member, or if `object` is not an object.
[[nodiscard]] std::string text_of(const boost::json::value& object, std::string_view member);

/// The value as text for people, in the same form as for a member.
[[nodiscard]] std::string text_of(const boost::json::value& value);

/// Whether the member is a boolean that is true.
[[nodiscard]] bool is_true(const boost::json::value& object, std::string_view member);

/// The items of a member that is an array; otherwise empty.
[[nodiscard]] std::vector<boost::json::value> items_of(const boost::json::value& object, std::string_view member);

/// A time of the server in a shorter form: "2026-11-22 12:00:00".
[[nodiscard]] std::string short_time(const std::string& rfc3339);

/// A duration in milliseconds for people: "850 ms", "12 s", "3 min", "5 h", "2 d".
[[nodiscard]] std::string short_duration(std::int64_t milliseconds);

/// The JSON text of a member that is an object or array, as the server has sent it but without blanks outside of strings. Empty
/// if there is no such member, or if it has another type.
[[nodiscard]] std::optional<std::string> raw_member(std::string_view object, std::string_view member);

/// Whether the text is a JSON object.
[[nodiscard]] bool is_json_object(std::string_view text);

/// The same JSON with line breaks and indentation.
[[nodiscard]] std::string indented(std::string_view json);

/// The body of a request as JSON. The values of `fields` become strings, except that `data` is JSON already, and that `group`
/// and `priority` become numbers if they consist of digits. Each of `flags` becomes a member that is true.
[[nodiscard]] std::string to_body(const std::map<std::string, std::string>& fields, const std::vector<std::string>& ids,
                                  const std::vector<std::string>& flags);

/// The query string of a request: "?topic=a.%2A&limit=3"; empty if there are no fields.
[[nodiscard]] std::string to_query(const std::map<std::string, std::string>& fields);

/// Percent-encodes a segment of a path or a value of a query.
[[nodiscard]] std::string percent_encoded(std::string_view text);

} // namespace atrium::event_commands
