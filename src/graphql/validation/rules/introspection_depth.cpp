#include "validation/rules/introspection_depth.hpp"

#include "validation/text.hpp"

namespace atrium::graphql::validation {
namespace {

bool is_list(const ast::field& f) noexcept {
    const auto name = f.name.text;
    return name == "fields" || name == "interfaces" || name == "possibleTypes" || name == "inputFields";
}

} // namespace

step max_introspection_depth::enter(const ast::field& f) {
    if (f.name.text != "__schema" && f.name.text != "__type")
        return step::into;
    if (look_below(f) == verdict::harmless)
        return step::into;
    c_.log.add("Maximum introspection depth exceeded", f);
    return step::over;
}

max_introspection_depth::verdict max_introspection_depth::look_below(const ast::field& root) {
    for (const auto id : entered_)
        visited_[id].reset();
    entered_.clear();
    auto found = look_at(root, 0);
    while (found == verdict::harmless && !visits_.empty()) {
        auto& current = visits_.back();
        if (current.ahead.empty()) {
            leave();
            continue;
        }
        const auto* next = current.ahead.front();
        current.ahead = current.ahead.subspan(1);
        found = look_at(*next, current.above);
    }
    for (; !visits_.empty(); visits_.pop_back()) // too deep, and so are all enclosing fragments
        if (const auto& unfinished = visits_.back(); unfinished.fragment)
            too_deep_[*unfinished.fragment] = unfinished.above_fragment;
    return found;
}

max_introspection_depth::verdict max_introspection_depth::look_at(const ast::node& n, lists above) {
    const ast::selection_set* inside = nullptr;
    if (n.kind == ast::kind::fragment_spread)
        return look_at(static_cast<const ast::fragment_spread&>(n), above);
    if (n.kind == ast::kind::inline_fragment) {
        inside = static_cast<const ast::inline_fragment&>(n).selection_set;
    } else {
        const auto& f = static_cast<const ast::field&>(n);
        if (is_list(f) && ++above >= max_lists)
            return verdict::too_deep;
        inside = f.selection_set;
    }
    if (inside != nullptr)
        visits_.push_back({inside->selections, above});
    return verdict::harmless;
}

max_introspection_depth::verdict max_introspection_depth::look_at(const ast::fragment_spread& s, lists above) {
    const auto id = c_.fragments.id(s);
    if (too_deep_[id] && *too_deep_[id] <= above)
        return verdict::too_deep;
    const auto* f = c_.fragments.find(id);
    const auto is_known = [above](const std::optional<lists>& previous) { return previous && *previous >= above; };
    if (is_known(visited_[id]) || is_known(harmless_[id]) || f == nullptr)
        return verdict::harmless;
    visited_[id] = above;
    entered_.push_back(id);
    visits_.push_back({f->selection_set->selections, above, id, above});
    return verdict::harmless;
}

void max_introspection_depth::leave() {
    const auto& done = visits_.back();
    if (done.fragment)
        harmless_[*done.fragment] = done.above_fragment;
    visits_.pop_back();
}

void no_introspection_of_hidden_schema::enter(const ast::field& f) {
    const auto name = f.name.text;
    if (c_.schema.is_hidden() && (name == "__schema" || name == "__type"))
        c_.log.add(
            text("GraphQL introspection has been disabled, but the requested query contained the field ", quoted(name), "."),
            f);
}

} // namespace atrium::graphql::validation
