#pragma once

#include "validation/context.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

/// Rules about fragments. Each class implements the rule with the same name in the specification and in graphql-js.
namespace atrium::graphql::validation {

struct fragments_on_composite_types : rule {
    using rule::rule;
    void enter(const ast::inline_fragment& f);
    void enter(const ast::fragment_definition& f);
};

class unique_fragment_names : public rule {
public:
    using rule::rule;
    void enter(const ast::fragment_definition& f);

private:
    std::unordered_map<std::string_view, ast::name> first_names_{};
};

struct known_fragment_names : rule {
    using rule::rule;
    void enter(const ast::fragment_spread& s);
};

struct no_unused_fragments : rule {
    using rule::rule;
    void leave(const document& d);
};

struct possible_fragment_spreads : rule {
    using rule::rule;
    void enter(const ast::inline_fragment& f);
    void enter(const ast::fragment_spread& s);
};

/// Each fragment is visited once, however often it is spread.
class no_fragment_cycles : public rule {
public:
    explicit no_fragment_cycles(context& c)
        : rule{c}, is_visited_(c.fragments.name_count()), path_index_(c.fragments.name_count(), not_on_path) {}
    void enter(const ast::fragment_definition& f);

private:
    /// A fragment that is being visited.
    struct visit {
        fragment_id id;
        std::span<const ast::fragment_spread* const> pending;
    };
    static constexpr std::size_t not_on_path = static_cast<std::size_t>(-1);

    std::vector<bool> is_visited_; ///< by fragment
    /// For each fragment that is being visited, the index in `path_` of the spread by which the visit leaves it for the next
    /// fragment. `not_on_path` for all others.
    std::vector<std::size_t> path_index_;
    std::vector<const ast::fragment_spread*> path_{}; ///< the spreads from the first fragment to the current position
    std::vector<visit> visits_{};

    bool begin(fragment_id id, const ast::fragment_definition& f);
    void report(std::size_t cycle_begin);
};

} // namespace atrium::graphql::validation
