#include "types/compare.hpp"

namespace atrium::graphql {

bool is_subtype_of(const schema& s, const type& maybe_sub, const type& super) noexcept {
    if (&maybe_sub == &super)
        return true;
    if (super.kind == type_kind::non_null)
        return maybe_sub.kind == type_kind::non_null && is_subtype_of(s, *maybe_sub.of_type, *super.of_type);
    if (maybe_sub.kind == type_kind::non_null)
        return is_subtype_of(s, *maybe_sub.of_type, super);
    if (super.kind == type_kind::list)
        return maybe_sub.kind == type_kind::list && is_subtype_of(s, *maybe_sub.of_type, *super.of_type);
    return super.is_abstract() && maybe_sub.kind != type_kind::list && s.is_subtype(super, maybe_sub);
}

} // namespace atrium::graphql
