#pragma once

#include <bitset>
#include <cstddef>

namespace atrium::entity {

/// Fields a description may have at most.
inline constexpr std::size_t max_fields = 64;

/// Some fields of a description, by their places in it: which columns are read, which members a change gives.
using field_set = std::bitset<max_fields>;

} // namespace atrium::entity
