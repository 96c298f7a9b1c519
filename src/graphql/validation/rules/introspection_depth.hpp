#pragma once

#include "validation/context.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace atrium::graphql::validation {

/// Beyond the specification, from graphql-js: below __schema and __type no path may lead through three lists (fields,
/// interfaces, possibleTypes, inputFields), as each multiplies the answer. The query of GraphiQL stays below.
///
/// A fragment is gone through at most once for each number of lists above it, whatever spreads it.
class max_introspection_depth : public rule {
public:
    explicit max_introspection_depth(context& c)
        : rule{c}, harmless_(c.fragments.names()), too_deep_(c.fragments.names()), visited_(c.fragments.names()) {}
    step enter(const ast::field& f);

private:
    using lists = std::uint8_t; ///< how many are above
    static constexpr lists most_lists = 3;

    /// A node whose selections are being gone through.
    struct visit {
        std::span<const ast::node* const> ahead;
        lists above;
        std::optional<fragment_id> fragment{};
        lists above_fragment = 0;
    };

    /// By fragment: the most lists above it with which it was found harmless; the fewest with which it was not; and, below the
    /// root that is looked at, the most with which it was entered.
    std::vector<std::optional<lists>> harmless_;
    std::vector<std::optional<lists>> too_deep_;
    std::vector<std::optional<lists>> visited_;
    std::vector<fragment_id> entered_{}; ///< those in `visited_`
    std::vector<visit> visits_{};

    enum class verdict : bool { harmless, too_deep };
    verdict look_below(const ast::field& root);
    verdict look_at(const ast::node& n, lists above);
    verdict look_at(const ast::fragment_spread& s, lists above);
    void leave();
};

/// Beyond the specification: `__schema` and `__type` of a schema that is hidden.
class no_introspection_of_hidden_schema : public rule {
public:
    using rule::rule;
    void enter(const ast::field& f);
};

} // namespace atrium::graphql::validation
