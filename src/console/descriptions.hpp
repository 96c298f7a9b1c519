#pragma once

#include <http/operation.hpp>

/// Describes the requests and responses of the routes of the console.
namespace atrium::console {

/// The page.
[[nodiscard]] http::operation describe_page();
/// Like `describe_page`, for the route that has the rest of the path as a parameter.
[[nodiscard]] http::operation describe_inner_page();
[[nodiscard]] http::operation describe_file();
[[nodiscard]] http::operation describe_house_data();
[[nodiscard]] http::operation describe_history_data();
[[nodiscard]] http::operation describe_request_list();
[[nodiscard]] http::operation describe_system_data();
[[nodiscard]] http::operation describe_backup();

} // namespace atrium::console
