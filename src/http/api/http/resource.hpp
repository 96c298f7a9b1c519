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

/// Whether the request's preconditions hold for the present state of a thing, to be asked inside the transaction that changes
/// it. Empty, which always holds, where it has none. Valid as long as the request.
template <class T>
[[nodiscard]] std::function<bool(const T&)> preconditions(const request& q, std::string (*etag_of)(const T&)) {
    if (!q.headers.has("If-Match") && !q.headers.has("If-None-Match"))
        return {};
    return [&q, etag_of](const T& present) { return evaluate_preconditions(q, etag_of(present)) == precondition::holds; };
}

/// Why a POST makes nothing in a list, as far as its head tells: it has a query, or preconditions that do not hold for a list,
/// which is there and has no ETag. Empty where nothing speaks against it.
[[nodiscard]] std::optional<response> refuse_creation(const request& q);

// For `route::refuse_early`, of routes whose bodies are `body_fields`.

/// Of a POST to a list: `refuse_creation`, or a body of another type.
[[nodiscard]] std::optional<response> refuse_creation_early(const request& q);
/// Of a PATCH of a thing: an id that nothing can have, a query, a body of another type.
[[nodiscard]] std::optional<response> refuse_change_early(const request& q);

/// What a GET shows: 200 with its ETag, or what its preconditions make of that: 304 where the client has it already, 412.
[[nodiscard]] response shown(const request& q, std::string body, std::string etag);

/// What a change has made of a thing: 200 with its ETag.
[[nodiscard]] response changed(std::string body, std::string etag);

/// 201 with its ETag and where it is.
[[nodiscard]] response created(std::string body, std::string etag, std::string location);

/// 200 with a JSON array, and the way to the next page where there is one; 304 or 412 where its preconditions, for what has no
/// ETag, make it that. `path` is that of the list.
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
