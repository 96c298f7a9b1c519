#include "validation/rules/fragments.hpp"

#include "validation/text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace atrium::graphql::validation {
namespace {

/// Whether one object can belong to both composite types.
bool can_overlap(const schema& s, const type& a, const type& b) {
    if (&a == &b)
        return true;
    if (a.is_abstract() && b.is_abstract())
        return std::any_of(a.possible_types.begin(), a.possible_types.end(),
                           [&](const type* t) { return s.is_subtype(b, *t); });
    return (a.is_abstract() && s.is_subtype(a, b)) || (b.is_abstract() && s.is_subtype(b, a));
}

/// The type of a fragment's condition, if the type is known and not composite; otherwise null.
const type* find_non_composite_type(const schema& s, const ast::type_reference* condition) {
    const auto* t = condition != nullptr ? s.find_type(condition->name.text) : nullptr;
    return t != nullptr && !t->is_composite() ? t : nullptr;
}

} // namespace

void fragments_on_composite_types::enter(const ast::inline_fragment& f) {
    if (const auto* t = find_non_composite_type(c_.schema, f.type_condition); t != nullptr)
        c_.log.add(text("Fragment cannot condition on non composite type ", quoted(t->name), "."), *f.type_condition);
}

void fragments_on_composite_types::enter(const ast::fragment_definition& f) {
    if (const auto* t = find_non_composite_type(c_.schema, f.type_condition); t != nullptr)
        c_.log.add(text("Fragment ", quoted(f.name.text), " cannot condition on non composite type ", quoted(t->name), "."),
                   *f.type_condition);
}

void unique_fragment_names::enter(const ast::fragment_definition& f) {
    const auto [first, is_new] = first_names_.emplace(f.name.text, f.name);
    if (!is_new)
        c_.log.add(text("There can be only one fragment named ", quoted(f.name.text), "."),
                   {first->second.begin, f.name.begin});
}

void known_fragment_names::enter(const ast::fragment_spread& s) {
    if (c_.fragments.find(s) == nullptr)
        c_.log.add(text("Unknown fragment ", quoted(s.name.text), "."), s.name);
}

void no_unused_fragments::leave(const document& d) {
    std::vector<const ast::operation*> operations;
    for (const auto* definition : d.definitions())
        if (definition->kind == ast::kind::operation)
            operations.push_back(static_cast<const ast::operation*>(definition));
    std::vector<bool> is_used(c_.fragments.name_count());
    for (const auto* f : c_.fragments.fragments_of(operations))
        is_used[c_.fragments.id(*f)] = true;
    for (const auto* definition : d.definitions()) {
        if (definition->kind != ast::kind::fragment_definition)
            continue;
        const auto& f = static_cast<const ast::fragment_definition&>(*definition);
        if (!is_used[c_.fragments.id(f)])
            c_.log.add(text("Fragment ", quoted(f.name.text), " is never used."), f);
    }
}

void possible_fragment_spreads::enter(const ast::inline_fragment& f) {
    const auto* fragment_type = c_.output();
    const auto* parent = c_.parent();
    if (fragment_type == nullptr || parent == nullptr || !fragment_type->is_composite() ||
        can_overlap(c_.schema, *fragment_type, *parent))
        return;
    c_.log.add(text("Fragment cannot be spread here as objects of type ", quoted(parent->name), " can never be of type ",
                    quoted(fragment_type->name), "."),
               f);
}

void possible_fragment_spreads::enter(const ast::fragment_spread& s) {
    const auto* f = c_.fragments.find(s);
    const auto* fragment_type = f != nullptr ? c_.schema.find_type(f->type_condition->name.text) : nullptr;
    const auto* parent = c_.parent();
    if (fragment_type == nullptr || parent == nullptr || !fragment_type->is_composite() ||
        can_overlap(c_.schema, *fragment_type, *parent))
        return;
    c_.log.add(text("Fragment ", quoted(s.name.text), " cannot be spread here as objects of type ", quoted(parent->name),
                    " can never be of type ", quoted(fragment_type->name), "."),
               s);
}

/// Follows the spreads depth first. The stack is explicit, because a chain of fragments can be as long as the document.
void no_fragment_cycles::enter(const ast::fragment_definition& f) {
    begin(c_.fragments.id(f), f);
    while (!visits_.empty()) {
        auto& current = visits_.back();
        if (current.pending.empty()) {
            path_index_[current.id] = not_on_path;
            visits_.pop_back();
            if (!path_.empty())
                path_.pop_back(); // the spread that led to this fragment
            continue;
        }
        const auto* spread = current.pending.front();
        current.pending = current.pending.subspan(1);
        path_.push_back(spread);
        const auto id = c_.fragments.id(*spread);
        if (path_index_[id] != not_on_path)
            report(path_index_[id]);
        else if (const auto* next = c_.fragments.find(id); next != nullptr && begin(id, *next))
            continue;
        path_.pop_back();
    }
}

/// Begins to visit a fragment. Returns false if it has been visited before or contains no spreads.
bool no_fragment_cycles::begin(fragment_id id, const ast::fragment_definition& f) {
    if (is_visited_[id])
        return false;
    is_visited_[id] = true;
    const auto spreads = c_.fragments.spreads(*f.selection_set);
    if (spreads.empty())
        return false;
    path_index_[id] = path_.size();
    visits_.push_back({id, spreads});
    return true;
}

/// Reports a cycle, which consists of the spreads of the current path from the index `cycle_begin` to the end. The last of them
/// spreads the fragment in which the cycle begins.
void no_fragment_cycles::report(std::size_t cycle_begin) {
    std::string via;
    std::vector<std::uint32_t> places;
    for (auto i = cycle_begin; i < path_.size(); ++i) {
        places.push_back(path_[i]->begin);
        if (i + 1 < path_.size())
            via += text(via.empty() ? " via " : ", ", quoted(path_[i]->name.text));
    }
    c_.log.add(text("Cannot spread fragment ", quoted(path_.back()->name.text), " within itself", abbreviated(via), "."),
               places);
}

} // namespace atrium::graphql::validation
