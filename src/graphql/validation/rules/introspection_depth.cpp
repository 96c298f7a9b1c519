#include "validation/rules/introspection_depth.hpp"

#include "validation/text.hpp"

namespace atrium::graphql::validation {
namespace {

/// Whether the field is one of the lists that multiply the size of a response (see `max_introspection_depth`).
bool is_multiplying_list(const ast::field& f) noexcept {
    const auto name = f.name.text;
    return name == "fields" || name == "interfaces" || name == "possibleTypes" || name == "inputFields";
}

} // namespace

step max_introspection_depth::enter(const ast::field& f) {
    if (f.name.text != "__schema" && f.name.text != "__type")
        return step::into;
    if (check_all_below(f) == verdict::harmless)
        return step::into;
    c_.log.add("Maximum introspection depth exceeded", f);
    return step::over;
}

max_introspection_depth::verdict max_introspection_depth::check_all_below(const ast::field& root) {
    for (const auto id : visited_fragments_)
        max_visited_[id].reset();
    visited_fragments_.clear();
    auto result = check(root, 0);
    while (result == verdict::harmless && !visits_.empty()) {
        auto& current = visits_.back();
        if (current.pending.empty()) {
            leave();
            continue;
        }
        const auto* next = current.pending.front();
        current.pending = current.pending.subspan(1);
        result = check(*next, current.lists_above);
    }
    // If visits remain, the last node was too deep, and so are all fragments that enclose it.
    for (; !visits_.empty(); visits_.pop_back())
        if (const auto& unfinished = visits_.back(); unfinished.fragment)
            min_too_deep_[*unfinished.fragment] = unfinished.lists_above_fragment;
    return result;
}

max_introspection_depth::verdict max_introspection_depth::check(const ast::node& n, list_count lists_above) {
    const ast::selection_set* inside = nullptr;
    if (n.kind == ast::kind::fragment_spread)
        return check(static_cast<const ast::fragment_spread&>(n), lists_above);
    if (n.kind == ast::kind::inline_fragment) {
        inside = static_cast<const ast::inline_fragment&>(n).selection_set;
    } else {
        const auto& f = static_cast<const ast::field&>(n);
        if (is_multiplying_list(f) && ++lists_above >= too_many_lists)
            return verdict::too_deep;
        inside = f.selection_set;
    }
    if (inside != nullptr)
        visits_.push_back({inside->selections, lists_above});
    return verdict::harmless;
}

max_introspection_depth::verdict max_introspection_depth::check(const ast::fragment_spread& s, list_count lists_above) {
    const auto id = c_.fragments.id(s);
    if (min_too_deep_[id] && *min_too_deep_[id] <= lists_above)
        return verdict::too_deep;
    const auto* f = c_.fragments.find(id);
    const auto is_covered_by = [lists_above](const std::optional<list_count>& max) { return max && *max >= lists_above; };
    if (is_covered_by(max_visited_[id]) || is_covered_by(max_harmless_[id]) || f == nullptr)
        return verdict::harmless;
    max_visited_[id] = lists_above;
    visited_fragments_.push_back(id);
    visits_.push_back({f->selection_set->selections, lists_above, id, lists_above});
    return verdict::harmless;
}

void max_introspection_depth::leave() {
    const auto& finished = visits_.back();
    if (finished.fragment)
        max_harmless_[*finished.fragment] = finished.lists_above_fragment;
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
