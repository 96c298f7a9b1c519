#pragma once

#include "validation/context.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::graphql::validation {

/// What stands at the top of a subscription.
struct root_selection {
    std::vector<std::vector<const ast::field*>> fields{}; ///< by response key, in the order of their first appearance
    std::vector<std::uint32_t> conditions{};              ///< places of @skip and @include, whose selections are left out
};

/// The selection at the top of a subscription, fragments spread out; empty if that costs too much, which has then been
/// reported.
[[nodiscard]] std::optional<root_selection> root_fields(context& c, const type& subscription,
                                                        const ast::selection_set& selections);

} // namespace atrium::graphql::validation
