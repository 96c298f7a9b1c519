#pragma once

#include <http/operation.hpp>

/// Describes the requests and responses of the routes of the console.
namespace atrium::console {

/// Describes the route of the first page.
[[nodiscard]] http::operation describe_page();
/// Describes the route of all other pages, which has the rest of the path as a parameter.
[[nodiscard]] http::operation describe_inner_page();
[[nodiscard]] http::operation describe_file();
[[nodiscard]] http::operation describe_house_data();
[[nodiscard]] http::operation describe_history_data();
[[nodiscard]] http::operation describe_request_list();
[[nodiscard]] http::operation describe_system_data();
[[nodiscard]] http::operation describe_backup();

} // namespace atrium::console
