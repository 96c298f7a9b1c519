#pragma once

#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Whether every value of type `maybe_sub` is also of type `super`: the same type, a subtype of an abstract type, a non-null
/// type of a nullable one, or a list of such types.
[[nodiscard]] bool is_subtype_of(const schema& s, const type& maybe_sub, const type& super) noexcept;

} // namespace atrium::graphql
