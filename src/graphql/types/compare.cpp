#include "types/compare.hpp"

namespace atrium::graphql {

bool is_subtype_of(const schema& s, const type& candidate, const type& supertype) noexcept {
    if (&candidate == &supertype)
        return true;
    if (supertype.kind == type_kind::non_null)
        return candidate.kind == type_kind::non_null && is_subtype_of(s, *candidate.of_type, *supertype.of_type);
    if (candidate.kind == type_kind::non_null)
        return is_subtype_of(s, *candidate.of_type, supertype);
    if (supertype.kind == type_kind::list)
        return candidate.kind == type_kind::list && is_subtype_of(s, *candidate.of_type, *supertype.of_type);
    return supertype.is_abstract() && candidate.kind != type_kind::list && s.is_subtype(supertype, candidate);
}

} // namespace atrium::graphql
