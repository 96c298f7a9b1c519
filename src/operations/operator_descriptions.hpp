#pragma once

#include <http/operation.hpp>

/// Describes the responses of the routes for operators, except for those under /events/.
namespace atrium::operations {

[[nodiscard]] http::operation describe_index();
[[nodiscard]] http::operation describe_liveness();
[[nodiscard]] http::operation describe_readiness();
[[nodiscard]] http::operation describe_metrics();

} // namespace atrium::operations
