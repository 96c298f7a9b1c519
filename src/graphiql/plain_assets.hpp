#pragma once

#include <http/memory_budget.hpp>
#include <http/response.hpp>
#include <web/assets.hpp>

namespace atrium::graphiql {

/// An asset without compression. It is unpacked once in a process and kept; whoever asks first has it counted. A null `budget`
/// counts nothing. Any thread. Throws std::logic_error if the asset is damaged.
[[nodiscard]] http::shared_text plain_text(const web::asset& a, http::memory_budget* budget);

} // namespace atrium::graphiql
