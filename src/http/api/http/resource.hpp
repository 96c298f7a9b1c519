#pragma once

#include <base/error.hpp>
#include <http/input.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// What the routes of a resource have in common: things with an id in their path, an ETag, and lists in pages.
namespace atrium::http {

/// Success where the request has no query: for routes that take none.
[[nodiscard]] result<> without_query(const request& q);

/// The thing that the path names, on a route that takes no query. Errors: not_found, malformed.
template <class Id>
[[nodiscard]] result<Id> addressed(const request& q) {
    const auto id = q.id();
    if (!id)
        return id.error();
    if (const auto plain = without_query(q); !plain)
        return plain.error();
    return Id{*id};
}

/// Whether If-Match holds for the present state of a thing, to be asked inside the transaction that changes it. Empty, which
/// always holds, where the request has no such header. Valid as long as the request.
template <class T>
[[nodiscard]] std::function<bool(const T&)> if_match(const request& q, std::string (*etag_of)(const T&)) {
    if (!q.headers.has("If-Match"))
        return {};
    return [&q, etag_of](const T& present) { return passes_if_match(q, etag_of(present)); };
}

/// 200 with its ETag.
[[nodiscard]] response shown(std::string body, std::string etag);

/// 304 where the client has it already.
[[nodiscard]] response not_modified(std::string etag);

/// 201 with its ETag and where it is.
[[nodiscard]] response created(std::string body, std::string etag, std::string location);

/// 200 with a JSON array, and the way to the next page where there is one. `path` is that of the list.
[[nodiscard]] response page(const request& q, std::string_view path, std::string body, std::optional<std::int64_t> next);

template <class Id>
[[nodiscard]] response page(const request& q, std::string_view path, std::string body, const std::optional<Id>& next) {
    return page(q, path, std::move(body), next ? std::optional{next->value} : std::nullopt);
}

/// The body as `read` makes it of its fields, or the answer that says what is wrong with it.
template <class T>
[[nodiscard]] boost::system::result<T, response> read_body(const request& q, result<T> (*read)(body_fields&)) {
    auto fields = body_fields::read(q);
    if (!fields)
        return fields.error();
    auto wanted = read(*fields);
    if (!wanted)
        return problem(wanted.error());
    return *std::move(wanted);
}

} // namespace atrium::http
