#pragma once

#include <http/operation.hpp>

/// What the routes for operators return, apart from those under /events/.
namespace atrium::operations {

[[nodiscard]] http::operation describe_index();
[[nodiscard]] http::operation describe_liveness();
[[nodiscard]] http::operation describe_readiness();
[[nodiscard]] http::operation describe_metrics();

} // namespace atrium::operations
