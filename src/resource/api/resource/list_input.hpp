#pragma once

#include <entity/list.hpp>
#include <input/reader.hpp>

#include <cstddef>

/// Reads the parameters of lists. The filters and orders are the same in REST and GraphQL.
namespace atrium::resource {

/// Max number of ids in one request.
inline constexpr std::size_t max_ids = 400;

/// Reads the filters of the description, its search, `ids` and `sort`. Reports errors to `reader`.
[[nodiscard]] entity::list_query read_filters(const entity::description& d, input::reader& reader);

/// Reads the parameters of a list in REST: the filters, `limit` and `after`. If the request has `ids` but no `limit`,
/// all rows are on one page. Reports errors to `reader`.
[[nodiscard]] entity::list_query read_list(const entity::description& d, input::reader& reader);

} // namespace atrium::resource
