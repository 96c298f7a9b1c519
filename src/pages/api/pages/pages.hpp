#pragma once

#include <http/operation.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <string>
#include <string_view>

/// Serves the pages of the library `web`, which are embedded in the program. The functions can be called from any thread.
namespace atrium::pages {

/// Whether this program contains a page. Without the CMake option ATRIUM_WEB it contains none.
[[nodiscard]] bool has_page(std::string_view page) noexcept;

/// The file index.html of a page. `policy` is its Content-Security-Policy. Throws std::logic_error if there is no such page.
[[nodiscard]] http::response index_of(const http::request& q, std::string_view page, std::string_view policy);

/// Another file of a page, or 404.
[[nodiscard]] http::response file_of(const http::request& q, std::string_view page, std::string_view name);

/// Describe the requests and responses of routes that use `index_of` and `file_of`. A route that uses `file_of` has the
/// parameter `name`.
[[nodiscard]] http::operation describe_index(std::string id, std::string tag);
[[nodiscard]] http::operation describe_file(std::string id, std::string tag);

} // namespace atrium::pages
