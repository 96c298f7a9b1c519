#pragma once

#include "validation/context.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

/// Rules about fragments. Each class is a rule of its name in the specification and graphql-js.
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

/// Each fragment is gone through once, whatever spreads it.
class no_fragment_cycles : public rule {
public:
    explicit no_fragment_cycles(context& c) : rule{c}, visited_(c.fragments.names()), place_(c.fragments.names(), nowhere) {}
    void enter(const ast::fragment_definition& f);

private:
    /// A fragment that is being gone through.
    struct visit {
        fragment_id id;
        std::span<const ast::fragment_spread* const> ahead;
    };
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    std::vector<bool> visited_;      // by fragment
    std::vector<std::size_t> place_; // by fragment: where in `spreads_` its own begin, while it is gone through
    std::vector<const ast::fragment_spread*> spreads_{}; // that lead from the first fragment to where we are
    std::vector<visit> visits_{};

    bool begin(fragment_id id, const ast::fragment_definition& f);
    void report(std::size_t first);
};

} // namespace atrium::graphql::validation
