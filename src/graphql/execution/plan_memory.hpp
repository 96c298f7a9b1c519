#pragma once

#include "plan.hpp"

#include <cstddef>

namespace atrium::graphql {

/// Bytes of memory that a plan occupies, accurate to a few percent.
[[nodiscard]] std::size_t memory_of(const plan& p);

} // namespace atrium::graphql
