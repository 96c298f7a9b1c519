#pragma once

#include "validation/context.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace atrium::graphql::validation {

/// An addition of graphql-js to the specification: below __schema and __type no path may lead through three or more lists
/// (fields, interfaces, possibleTypes, inputFields), because each list multiplies the size of the response. GraphiQL's query is
/// within this limit.
///
/// Below each __schema or __type, a fragment is visited at most once for each number of lists above it, however often it is
/// spread.
class max_introspection_depth : public rule {
public:
    explicit max_introspection_depth(context& c)
        : rule{c}, max_harmless_(c.fragments.name_count()), min_too_deep_(c.fragments.name_count()),
          max_visited_(c.fragments.name_count()) {}
    step enter(const ast::field& f);

private:
    using list_count = std::uint8_t; ///< number of lists above a node
    static constexpr list_count too_many_lists = 3;

    /// A node whose selections are being visited.
    struct visit {
        std::span<const ast::node* const> pending;
        list_count lists_above;                ///< number of lists above the pending selections
        std::optional<fragment_id> fragment{}; ///< set if the node is a fragment spread
        list_count lists_above_fragment = 0;   ///< number of lists above the spread
    };

    // Each of these has an element for each fragment: a number of lists above a spread of the fragment.
    std::vector<std::optional<list_count>> max_harmless_; ///< the maximum number with which the fragment was harmless
    std::vector<std::optional<list_count>> min_too_deep_; ///< the minimum number with which the fragment was too deep
    /// The maximum number with which the fragment was visited below the current `__schema` or `__type` field.
    std::vector<std::optional<list_count>> max_visited_;
    std::vector<fragment_id> visited_fragments_{}; ///< the fragments that have a value in `max_visited_`
    std::vector<visit> visits_{};

    enum class verdict : bool { harmless, too_deep };
    verdict check_all_below(const ast::field& root);
    /// These check one node, and schedule the visit of the selections inside it.
    verdict check(const ast::node& n, list_count lists_above);
    verdict check(const ast::fragment_spread& s, list_count lists_above);
    void leave();
};

/// An addition to the specification: refuses `__schema` and `__type` of a hidden schema.
class no_introspection_of_hidden_schema : public rule {
public:
    using rule::rule;
    void enter(const ast::field& f);
};

} // namespace atrium::graphql::validation
