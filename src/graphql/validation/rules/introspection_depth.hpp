#pragma once

#include "validation/context.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace atrium::graphql::validation {

/// An addition of graphql-js to the specification: below __schema and __type no path may lead through three lists (fields,
/// interfaces, possibleTypes, inputFields), because each multiplies the size of the response. GraphiQL's query is within this
/// limit.
///
/// A fragment is visited at most once for each number of lists above it, however often it is spread.
class max_introspection_depth : public rule {
public:
    explicit max_introspection_depth(context& c)
        : rule{c}, harmless_(c.fragments.names()), too_deep_(c.fragments.names()), visited_(c.fragments.names()) {}
    step enter(const ast::field& f);

private:
    using lists = std::uint8_t; ///< number of lists above a node
    static constexpr lists max_lists = 3;

    /// A node whose selections are being visited.
    struct visit {
        std::span<const ast::node* const> ahead;
        lists above;
        std::optional<fragment_id> fragment{};
        lists above_fragment = 0;
    };

    /// By fragment: the maximum number of lists above it with which it was harmless; the minimum number with which it was too
    /// deep; and, for the current root, the maximum number with which it was visited.
    std::vector<std::optional<lists>> harmless_;
    std::vector<std::optional<lists>> too_deep_;
    std::vector<std::optional<lists>> visited_;
    std::vector<fragment_id> entered_{}; ///< the fragments in `visited_`
    std::vector<visit> visits_{};

    enum class verdict : bool { harmless, too_deep };
    verdict look_below(const ast::field& root);
    verdict look_at(const ast::node& n, lists above);
    verdict look_at(const ast::fragment_spread& s, lists above);
    void leave();
};

/// An addition to the specification: refuses `__schema` and `__type` of a hidden schema.
class no_introspection_of_hidden_schema : public rule {
public:
    using rule::rule;
    void enter(const ast::field& f);
};

} // namespace atrium::graphql::validation
