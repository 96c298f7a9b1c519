#pragma once

#include <base/error.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

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

/// Whether the request's preconditions hold for the present state of a thing, to be asked with its ETag inside the transaction
/// that changes it. Empty, which always holds, if it has none. Valid as long as the request.
[[nodiscard]] std::function<bool(std::string_view etag)> preconditions(const request& q);

/// Whether a POST may create something in a list, as far as its head tells. Errors: malformed (it has a query),
/// precondition_failed (its preconditions do not hold for a list, which is there and has no ETag).
[[nodiscard]] result<> check_creation(const request& q);

// For `route::check_early`, of routes whose bodies are read by `read_body`.

/// Of a POST to a list: `check_creation` and the type of the body.
[[nodiscard]] result<> check_creation_early(const request& q);
/// Of a PATCH of a thing: an id that nothing can have, a query, the type of the body.
[[nodiscard]] result<> check_change_early(const request& q);

/// What a GET shows: 200 with its ETag, or what its preconditions make of that: 304 where the client has it already, 412.
[[nodiscard]] response shown(const request& q, std::string body, std::string etag);

/// What a change has made of a thing: 200 with its ETag.
[[nodiscard]] response changed(std::string body, std::string etag);

/// 201 with its ETag and where it is.
[[nodiscard]] response created(std::string body, std::string etag, std::string location);

/// 200 with a JSON array, and the way to the next page if there is one; 304 or 412 if its preconditions, for what has no ETag,
/// make it that. `path` is that of the list, `next` the cursor behind which the next page begins.
[[nodiscard]] response page(const request& q, std::string_view path, std::string body, const std::optional<std::string>& next);

} // namespace atrium::http
