#pragma once

#include "language/children.hpp"

#include <graphql/document.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

/// One walk over a document for many rules at once. A rule is a class that has `enter` or `leave` for the nodes that it is
/// about:
///
///     struct scalar_leafs {
///         void enter(const ast::field& f);
///     };
///
/// At each node the rules are called in the order in which they were given, on the way in as on the way out: so errors come in
/// the order of graphql-js. `enter` may take the path to the node as a second argument, and may return a `step` to be spared
/// what is inside of the node. A rule for `const ast::node&` sees every node; one for `const document&` the whole.
namespace atrium::graphql {

enum class step : bool { into, over };

/// The nodes around a node, outermost (its definition) first.
using ast_path = std::span<const ast::node* const>;

/// @tparam Around what the rules look up while they are at a node: entered before all of them, left after them. Where it has
///                `bool done() const`, the walk ends as soon as that is true.
template <class Around, class... Rules>
class walker {
public:
    explicit walker(Around& around, Rules&... rules) : around_{around}, seats_{seat<Rules>{rules}...} {}

    void walk(const document& d) {
        enter(d);
        for (const auto* definition : d.definitions())
            walk(*definition);
        if (!done())
            leave(d);
    }

    /// A node and all below it. However deep that goes, the stack stays flat.
    void walk(const ast::node& root) {
        std::vector<visit> ahead{{&root}};
        while (!ahead.empty() && !done()) {
            const auto [n, entered] = ahead.back();
            if (entered) {
                ahead.pop_back();
                path_.pop_back();
                with_own_type(*n, [this](const auto& typed) { leave(typed); });
                continue;
            }
            ahead.back().entered = true;
            with_own_type(*n, [this](const auto& typed) { enter(typed); });
            path_.push_back(n);
            const auto first = static_cast<std::ptrdiff_t>(ahead.size());
            for_each_child(*n, [&ahead](const ast::node& child) { ahead.push_back({&child}); });
            std::reverse(ahead.begin() + first, ahead.end());
        }
    }

private:
    struct visit {
        const ast::node* node;
        bool entered = false;
    };

    template <class Rule>
    struct seat {
        Rule& rule;
        const void* skips = nullptr; ///< the node that it stepped over
    };

    template <class Rule, class Node>
    void enter(seat<Rule>& s, const Node& n) {
        if (s.skips != nullptr)
            return;
        if constexpr (requires { s.rule.enter(n, ast_path{}); })
            s.rule.enter(n, ast_path{path_});
        else if constexpr (requires {
                               { s.rule.enter(n) } -> std::same_as<step>;
                           })
            s.skips = s.rule.enter(n) == step::over ? &n : nullptr;
        else if constexpr (requires { s.rule.enter(n); })
            s.rule.enter(n);
    }

    template <class Rule, class Node>
    void leave(seat<Rule>& s, const Node& n) {
        if (s.skips == &n)
            s.skips = nullptr;
        else if constexpr (requires { s.rule.leave(n); })
            if (s.skips == nullptr)
                s.rule.leave(n);
    }

    template <class Node>
    void enter(const Node& n) {
        if constexpr (requires { around_.enter(n); })
            around_.enter(n);
        std::apply([&](auto&... each) { (enter(each, n), ...); }, seats_);
    }

    template <class Node>
    void leave(const Node& n) {
        std::apply([&](auto&... each) { (leave(each, n), ...); }, seats_);
        if constexpr (requires { around_.leave(n); })
            around_.leave(n);
    }

    [[nodiscard]] bool done() const {
        if constexpr (requires { around_.done(); })
            return around_.done();
        return false;
    }

    Around& around_;
    std::tuple<seat<Rules>...> seats_;
    std::vector<const ast::node*> path_{};
};

/// A walk with nothing around the rules.
template <class... Rules>
void walk(const document& d, Rules&... rules) {
    struct {
    } nothing;
    walker{nothing, rules...}.walk(d);
}

} // namespace atrium::graphql
