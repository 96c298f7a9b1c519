#pragma once

#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Whether every value of the type `candidate` is also of the type `supertype`: the types are the same, `candidate` is a
/// subtype of an abstract type or the non-null form of a nullable one, or both are lists whose items are related in this way.
[[nodiscard]] bool is_subtype_of(const schema& s, const type& candidate, const type& supertype) noexcept;

} // namespace atrium::graphql
