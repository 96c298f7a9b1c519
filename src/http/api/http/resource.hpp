#pragma once

#include <base/error.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Functions for the routes of resources, which are single entities (with an id in the path and an ETag) and lists of them in
/// pages.
namespace atrium::http {

/// Succeeds if the request has no query parameters. Called on routes that take none. Errors: malformed.
[[nodiscard]] result<> check_no_query(const request& q);

/// The id in the path, on a route that takes no query. Errors: not_found, malformed.
template <class Id>
[[nodiscard]] result<Id> id_in_path(const request& q) {
    const auto id = q.id();
    if (!id)
        return id.error();
    if (const auto no_query = check_no_query(q); !no_query)
        return no_query.error();
    return Id{*id};
}

/// A function that returns whether the request's preconditions hold for the current ETag. It must be called inside the
/// transaction that makes the change. Empty if the request has no preconditions. The request must outlive the function.
[[nodiscard]] std::function<bool(std::string_view etag)> preconditions(const request& q);

/// Whether a POST may create an entity in a list, as far as the request's header shows. Errors: malformed (it has a query),
/// precondition_failed (its preconditions do not match a list, which exists and has no ETag).
[[nodiscard]] result<> check_creation(const request& q);

// Functions for `route::check_early`, for routes whose bodies are read with `read_body`.

/// Checks a POST to a list: `check_creation`, and the type of the body.
[[nodiscard]] result<> check_creation_early(const request& q);
/// Checks a PATCH of an entity: refuses an id that cannot exist, a query and an unsupported body type.
[[nodiscard]] result<> check_change_early(const request& q);

/// The response to a GET: 200 with an ETag, 304 if the client already has this state, or 412 if a precondition fails.
[[nodiscard]] response item_response(const request& q, std::string body, std::string etag);

/// The response to a change: 200 with the new state and its ETag.
[[nodiscard]] response changed_response(std::string body, std::string etag);

/// The response to a creation: 201 with ETag and Location.
[[nodiscard]] response created_response(std::string body, std::string etag, std::string location);

/// The response to a GET of a list: 200 with a JSON array, and a link to the next page if there is one; 304 or 412 according to
/// the request's preconditions, which are evaluated as for a resource without an ETag. `path` is the path of the list, `next`
/// the cursor after which the next page begins.
[[nodiscard]] response page(const request& q, std::string_view path, std::string body, const std::optional<std::string>& next);

} // namespace atrium::http
