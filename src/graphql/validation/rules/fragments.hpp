#pragma once

#include "validation/context.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

/// Rules about fragments. Each class is the rule of that name in the specification and in graphql-js.
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
    std::unordered_map<std::string_view, ast::name> known_{};
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
    explicit no_fragment_cycles(context& c) : rule{c}, visited_(c.fragments.names()), place_(c.fragments.names(), nowhere) {}
    void enter(const ast::fragment_definition& f);

private:
    /// A fragment that is being visited.
    struct visit {
        fragment_id id;
        std::span<const ast::fragment_spread* const> ahead;
    };
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    std::vector<bool> visited_;      // by fragment
    std::vector<std::size_t> place_; // by fragment: the index in `spreads_` of its first spread, while it is visited
    std::vector<const ast::fragment_spread*> spreads_{}; // from the first fragment to the current position
    std::vector<visit> visits_{};

    bool begin(fragment_id id, const ast::fragment_definition& f);
    void report(std::size_t first);
};

} // namespace atrium::graphql::validation
