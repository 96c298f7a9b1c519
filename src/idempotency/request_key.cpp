#include <base/malformed.hpp>
#include <idempotency/request_key.hpp>

#include <storage/sha256.hpp>

#include <algorithm>
#include <cstddef>

namespace atrium::idempotency {
namespace {

constexpr std::size_t max_length = 255; // in characters

bool is_visible(char c) noexcept {
    return c > ' ' && c <= '~';
}

/// Removes the quotes and escapes of a string of structured fields. Returns nothing if `text` is not such a string.
std::optional<std::string> remove_quotes(std::string_view text) {
    if (text.size() < 2 || text.back() != '"')
        return std::nullopt;
    std::string key;
    const auto inner = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const bool is_escape = inner[i] == '\\';
        if (is_escape && ++i == inner.size())
            return std::nullopt;
        const bool needs_escape = inner[i] == '"' || inner[i] == '\\';
        if (needs_escape != is_escape)
            return std::nullopt;
        key.push_back(inner[i]);
    }
    return key;
}

} // namespace

result<std::string> parse_key(std::string_view text) {
    const auto key = text.starts_with('"') ? remove_quotes(text) : std::optional{std::string{text}};
    if (!key || key->empty() || key->size() > max_length || !std::ranges::all_of(*key, is_visible))
        return malformed("an idempotency key must have 1 to 255 visible ASCII characters; it may be a string in quotes");
    return *key;
}

result<std::optional<std::string>> read_key(const http::request& q) {
    if (!q.headers.has(key_header)) [[likely]]
        return std::optional<std::string>{};
    if (q.headers.count(key_header) > 1)
        return malformed("a request must not have more than one header Idempotency-Key");
    auto key = parse_key(q.headers.get(key_header));
    if (!key)
        return key.error();
    return std::optional{*std::move(key)};
}

std::string fingerprint_of(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) // each part with its length, so that different lists cannot have the same text
        text.append(std::to_string(part.size())).append(":").append(part);
    return storage::sha256(text);
}

} // namespace atrium::idempotency
