#pragma once

#include "language/children.hpp"

#include <graphql/document.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

/// Walks over a document once for many rules. A rule is a class with `enter` or `leave` functions for the nodes that it checks:
///
///     struct scalar_leafs {
///         void enter(const ast::field& f);
///     };
///
/// At each node the rules are called in the order in which they were passed, both for `enter` and for `leave`, so that errors
/// come in the order of graphql-js. `enter` may take the path to the node as a second parameter. Without that parameter, it may
/// return a `step` to skip the children of the node. If the first parameter is `const ast::node&`, the function is called for
/// every node; if it is `const document&`, for the whole document.
namespace atrium::graphql {

enum class step : bool { into, over };

/// The nodes around a node, from the outermost (the definition that contains it) to the innermost.
using ast_path = std::span<const ast::node* const>;

/// @tparam State the state that the rules share. At each node its `enter` runs before those of the rules, and its `leave` after
/// those of the rules. If it has `bool is_done() const`, the walk ends as soon as this function returns true.
template <class State, class... Rules>
class walker {
public:
    explicit walker(State& state, Rules&... rules) : state_{state}, rules_{rule_slot<Rules>{rules}...} {}

    void walk(const document& d) {
        begin(d);
        while (advance())
            ;
    }

    /// Walks over a node and everything below it, without recursion.
    void walk(const ast::node& root) {
        pending_.assign(1, {&root});
        while (!pending_.empty() && !is_done())
            visit_next();
    }

    /// Begins a walk over the document in steps. Then each call of `advance` enters or leaves one node. It returns false at the
    /// end of the walk.
    void begin(const document& d) {
        document_ = &d;
        enter(d);
    }
    bool advance() {
        if (is_done())
            return false;
        if (pending_.empty()) {
            if (definition_ == document_->definitions().size()) {
                leave(*document_);
                return false;
            }
            pending_.push_back({document_->definitions()[definition_++]});
        }
        visit_next();
        return true;
    }

private:
    void visit_next() {
        const auto [n, is_entered] = pending_.back();
        if (is_entered) {
            pending_.pop_back();
            path_.pop_back();
            visit_concrete(*n, [this](const auto& typed) { this->leave(typed); });
            return;
        }
        pending_.back().is_entered = true;
        visit_concrete(*n, [this](const auto& typed) { this->enter(typed); });
        path_.push_back(n);
        const auto first = static_cast<std::ptrdiff_t>(pending_.size());
        for_each_child(*n, [this](const ast::node& child) { pending_.push_back({&child}); });
        std::reverse(pending_.begin() + first, pending_.end());
    }

    struct visit {
        const ast::node* node;
        bool is_entered = false;
    };

    template <class Rule>
    struct rule_slot {
        Rule& rule;
        const void* skipped = nullptr; ///< the node whose children the rule skips; null if it skips none
    };

    template <class Rule, class Node>
    void enter(rule_slot<Rule>& s, const Node& n) {
        if (s.skipped != nullptr)
            return;
        if constexpr (requires { s.rule.enter(n, ast_path{}); })
            s.rule.enter(n, ast_path{path_});
        else if constexpr (requires {
                               { s.rule.enter(n) } -> std::same_as<step>;
                           })
            s.skipped = s.rule.enter(n) == step::over ? &n : nullptr;
        else if constexpr (requires { s.rule.enter(n); })
            s.rule.enter(n);
    }

    template <class Rule, class Node>
    void leave(rule_slot<Rule>& s, const Node& n) {
        if (s.skipped == &n)
            s.skipped = nullptr;
        else if constexpr (requires { s.rule.leave(n); })
            if (s.skipped == nullptr)
                s.rule.leave(n);
    }

    template <class Node>
    void enter(const Node& n) {
        if constexpr (requires { state_.enter(n); })
            state_.enter(n);
        std::apply([&](auto&... rules) { (enter(rules, n), ...); }, rules_);
    }

    template <class Node>
    void leave(const Node& n) {
        std::apply([&](auto&... rules) { (leave(rules, n), ...); }, rules_);
        if constexpr (requires { state_.leave(n); })
            state_.leave(n);
    }

    [[nodiscard]] bool is_done() const {
        if constexpr (requires { state_.is_done(); })
            return state_.is_done();
        return false;
    }

    State& state_;
    std::tuple<rule_slot<Rules>...> rules_;
    const document* document_ = nullptr;
    std::size_t definition_ = 0;           ///< index of the next definition of the document
    std::vector<visit> pending_{};         ///< a stack, in which the next visit is last
    std::vector<const ast::node*> path_{}; ///< the nodes around the current one
};

/// A walk without shared state.
template <class... Rules>
void walk(const document& d, Rules&... rules) {
    struct {
    } no_state;
    walker{no_state, rules...}.walk(d);
}

} // namespace atrium::graphql
