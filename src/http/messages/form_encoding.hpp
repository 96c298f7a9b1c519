#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// Decodes one name or value of a form or query string. A '+' becomes a space. The result is not decoded again: "%2541" becomes
/// "%41". Returns nullopt if an escape is invalid.
[[nodiscard]] std::optional<std::string> decode_form_text(std::string_view encoded);

/// Encodes a name or value: escapes everything except unreserved characters (RFC 3986, section 2.3) and commas. Commas are not
/// escaped, because the link to the next page of a list repeats the parameters of the request: with escaped commas, a long list
/// of ids could make the link longer than the server accepts.
[[nodiscard]] std::string encode_form_text(std::string_view text);

/// Calls `visit(name, value)`, both still encoded, for each pair of "a=1&b=2". Empty pieces are skipped, as
/// application/x-www-form-urlencoded requires (WHATWG URL, section 5.1).
void for_each_pair(std::string_view encoded, const std::function<void(std::string_view, std::string_view)>& visit);

} // namespace atrium::http
