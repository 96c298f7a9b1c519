#pragma once

#include <bitset>
#include <cstddef>

namespace atrium::entity {

/// The maximum number of fields of a description.
inline constexpr std::size_t max_fields = 64;

/// A set of fields of a description, by their indexes: the columns to read, or the fields that a change sets.
using field_set = std::bitset<max_fields>;

} // namespace atrium::entity
