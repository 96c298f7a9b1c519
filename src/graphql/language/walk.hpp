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

/// The nodes around a node, from the outermost (its definition) to the innermost.
using ast_path = std::span<const ast::node* const>;

/// @tparam Around state that the rules use at a node: its `enter` runs before theirs, its `leave` after theirs. If it has
///                `bool done() const`, the walk ends as soon as that returns true.
template <class Around, class... Rules>
class walker {
public:
    explicit walker(Around& around, Rules&... rules) : around_{around}, seats_{seat<Rules>{rules}...} {}

    void walk(const document& d) {
        begin(d);
        while (go_on())
            ;
    }

    /// Walks over a node and everything below it, with a constant depth of the stack.
    void walk(const ast::node& root) {
        ahead_.assign(1, {&root});
        while (!ahead_.empty() && !done())
            visit_next();
    }

    /// The same as `walk(d)` in steps: `go_on` visits the next node and returns false at the end.
    void begin(const document& d) {
        document_ = &d;
        enter(d);
    }
    bool go_on() {
        if (done())
            return false;
        if (ahead_.empty()) {
            if (definition_ == document_->definitions().size()) {
                leave(*document_);
                return false;
            }
            ahead_.push_back({document_->definitions()[definition_++]});
        }
        visit_next();
        return true;
    }

private:
    void visit_next() {
        const auto [n, entered] = ahead_.back();
        if (entered) {
            ahead_.pop_back();
            path_.pop_back();
            visit_concrete(*n, [this](const auto& typed) { leave(typed); });
            return;
        }
        ahead_.back().entered = true;
        visit_concrete(*n, [this](const auto& typed) { enter(typed); });
        path_.push_back(n);
        const auto first = static_cast<std::ptrdiff_t>(ahead_.size());
        for_each_child(*n, [this](const ast::node& child) { ahead_.push_back({&child}); });
        std::reverse(ahead_.begin() + first, ahead_.end());
    }

    struct visit {
        const ast::node* node;
        bool entered = false;
    };

    template <class Rule>
    struct seat {
        Rule& rule;
        const void* skips = nullptr; ///< the node whose children the rule skips; null if it skips none
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
    const document* document_ = nullptr;
    std::size_t definition_ = 0; ///< index of the next definition of the document
    std::vector<visit> ahead_{};
    std::vector<const ast::node*> path_{};
};

/// A walk without shared state.
template <class... Rules>
void walk(const document& d, Rules&... rules) {
    struct {
    } nothing;
    walker{nothing, rules...}.walk(d);
}

} // namespace atrium::graphql
