#include <access/principal.hpp>
#include <http/method.hpp>
#include <idempotency/keyed_routes.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace atrium::idempotency {
namespace {

constexpr std::string_view content_type = "Content-Type";

/// The headers that a repeated request gets again. All other headers concern a single exchange, or are used only by streams,
/// which are not stored.
constexpr std::array kept_headers{content_type, std::string_view{"ETag"}, std::string_view{"Location"},
                                  std::string_view{"Link"}, std::string_view{"Cache-Control"}};

void append_line(std::string& lines, std::string_view name, std::string_view value) {
    lines.append(name).append(": ").append(value).append("\n");
}

stored_response to_stored(const http::response& response) {
    stored_response stored{
        .status = static_cast<unsigned>(response.status), .headers = {}, .body = std::string{response.content()}};
    if (!response.content_type.empty())
        append_line(stored.headers, content_type, response.content_type);
    for (const auto& [name, value] : response.headers)
        if (std::ranges::find(kept_headers, name) != kept_headers.end())
            append_line(stored.headers, name, value);
    return stored;
}

http::response replay(const stored_response& stored) {
    http::response response{.status = static_cast<http::status>(stored.status), .body = stored.body};
    std::string_view rest = stored.headers;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const auto colon = line.find(": ");
        if (const auto name = std::ranges::find(kept_headers, line.substr(0, colon)); name != kept_headers.end())
            response.set(*name, std::string{line.substr(colon + 2)});
    }
    response.set(replayed_header, "true");
    return response;
}

/// Adds the responses that a request with a key can get in addition to those of its route.
void describe_key(http::operation& o) {
    o.request_headers.push_back(key_header);
    o.response_headers.push_back(replayed_header);
    for (const auto status : {http::status::conflict, http::status::unprocessable_entity})
        o.errors.push_back(status);
}

bool is_success(http::status s) {
    return s >= http::status::ok && s < http::status::multiple_choices;
}

request_key key_of(const http::request& q, std::string key) {
    return {.principal = std::string{access::name_of(q.principal.get())},
            .key = std::move(key),
            .fingerprint = fingerprint_of({http::name_of(q.method), q.path, q.query, q.body})};
}

awaitable<http::response> answer_with_key(key_store& keys, const http::handler& handler, const http::request& q) {
    auto key = read_key(q);
    if (!key)
        co_return key_refusal(key.error());
    auto identity = key_of(q, **std::move(key));
    const auto claimed = co_await keys.claim_key(std::move(identity));
    if (!claimed)
        co_return key_refusal(claimed.error());
    auto& claim = **claimed;
    if (const auto* stored = claim.find_response())
        co_return replay(*stored);

    auto keyed = q;
    keyed.claim = &claim;
    auto response = co_await handler(keyed);
    if (is_success(response.status) && !claim.is_stored() && !response.after_header) {
        auto stored = to_stored(response);
        co_await claim.store_alone(std::move(stored));
    }
    co_return response;
}

} // namespace

void accept_keys(http::router& router, key_store& keys, std::string_view except) {
    router.wrap_handlers([&](http::route& r, http::handler h) -> http::handler {
        if (r.method == http::verb::get || r.pattern == except)
            return h;
        describe_key(r.operation);
        return [&keys, handler = std::move(h)](const http::request& q) -> awaitable<http::response> {
            if (!q.headers.has(key_header)) [[likely]]
                return handler(q);
            return answer_with_key(keys, handler, q);
        };
    });
}

void store_response(claim& c, storage::transaction& t, const http::response& response) {
    c.store(t, to_stored(response));
}

http::response key_refusal(const error& why) {
    auto response = http::problem(why);
    if (why.code == errc::conflict)
        response.set("Retry-After", std::to_string(why.retry_after.count()));
    return response;
}

} // namespace atrium::idempotency
