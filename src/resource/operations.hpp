#pragma once

#include <entity/description.hpp>
#include <http/operation.hpp>

#include <string_view>

/// Describes the requests and responses of the five REST routes of an entity, derived from its description. `path` is the path
/// of the list.
namespace atrium::resource {

[[nodiscard]] http::operation describe_list(const entity::description& d, std::string_view path);
[[nodiscard]] http::operation describe_creation(const entity::description& d);
[[nodiscard]] http::operation describe_item(const entity::description& d);
[[nodiscard]] http::operation describe_change(const entity::description& d);
[[nodiscard]] http::operation describe_removal(const entity::description& d);

/// "Order created successfully"
[[nodiscard]] std::string creation_message(const entity::description& d);

} // namespace atrium::resource
