#pragma once

#include <http/response.hpp>

#include <string_view>

namespace atrium::http {

/// The phrase of RFC 9110 for a status, used in the status line and, as RFC 9457 requires, in the title of problem details.
[[nodiscard]] std::string_view status_phrase(status s);

} // namespace atrium::http
