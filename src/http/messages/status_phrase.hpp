#pragma once

#include <http/response.hpp>

#include <string_view>

namespace atrium::http {

/// The words of RFC 9110 for a status, as they stand in the status line and, by RFC 9457, in the title of problem details.
[[nodiscard]] std::string_view status_phrase(status s);

} // namespace atrium::http
