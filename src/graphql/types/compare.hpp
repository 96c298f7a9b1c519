#pragma once

#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Whether every value of the type `candidate` is also of the type `supertype`. This is so if the types are the same, or if
/// `supertype` is abstract and `candidate` is one of its subtypes. It is also so if `candidate` is the non-null form of a
/// subtype of `supertype`. Two lists, and two non-null types, are compared by their inner types.
[[nodiscard]] bool is_subtype_of(const schema& s, const type& candidate, const type& supertype) noexcept;

} // namespace atrium::graphql
