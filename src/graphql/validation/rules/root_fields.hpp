#pragma once

#include "validation/context.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::graphql::validation {

/// The selection at the root of a subscription.
struct root_selection {
    std::vector<std::vector<const ast::field*>> fields{}; ///< by response key, in the order of their first appearance
    /// The places of @skip and @include. The selections with these directives are left out of `fields`.
    std::vector<std::uint32_t> conditions{};
};

/// Returns the selection at the root of a subscription, with fragments expanded. Empty if this costs more than the rest of the
/// document's allowance; `fragments::spend` then reports an error.
[[nodiscard]] std::optional<root_selection> collect_root_fields(context& c, const type& subscription,
                                                                const ast::selection_set& selections);

} // namespace atrium::graphql::validation
