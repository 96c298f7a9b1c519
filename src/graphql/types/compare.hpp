#pragma once

#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Whether a value of type `maybe_sub` is one of type `super` too: the same type, a subtype of an abstract type, non-null for
/// nullable, a list of such.
[[nodiscard]] bool is_subtype_of(const schema& s, const type& maybe_sub, const type& super) noexcept;

} // namespace atrium::graphql
