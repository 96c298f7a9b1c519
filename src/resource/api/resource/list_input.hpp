#pragma once

#include <entity/list.hpp>
#include <input/reader.hpp>

#include <cstddef>

/// How clients ask for a list: the same filters and orders in REST and GraphQL.
namespace atrium::resource {

/// Ids that one request may name.
inline constexpr std::size_t max_ids = 400;

/// Reads the filters of the description, its search, `ids` and `sort`. Errors are reported to `in`.
[[nodiscard]] entity::list_query read_filters(const entity::description& d, input::reader& in);

/// Reads a list of REST: the filters, `limit` and `after`. Without a limit, a list of ids is one page. Errors are reported to
/// `in`.
[[nodiscard]] entity::list_query read_list(const entity::description& d, input::reader& in);

} // namespace atrium::resource
