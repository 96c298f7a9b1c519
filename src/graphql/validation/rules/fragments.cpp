#include "validation/rules/fragments.hpp"

#include "validation/text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace atrium::graphql::validation {
namespace {

/// Whether an object can be of both composite types.
bool overlap(const schema& s, const type& a, const type& b) {
    if (&a == &b)
        return true;
    if (a.is_abstract() && b.is_abstract())
        return std::any_of(a.possible_types.begin(), a.possible_types.end(),
                           [&](const type* t) { return s.is_subtype(b, *t); });
    return (a.is_abstract() && s.is_subtype(a, b)) || (b.is_abstract() && s.is_subtype(b, a));
}

/// The type of a fragment's condition, if the type is known and not composite.
const type* non_composite(const schema& s, const ast::type_reference* condition) {
    const auto* t = condition != nullptr ? s.find_type(condition->name.text) : nullptr;
    return t != nullptr && !t->is_composite() ? t : nullptr;
}

} // namespace

void fragments_on_composite_types::enter(const ast::inline_fragment& f) {
    if (const auto* t = non_composite(c_.schema, f.type_condition); t != nullptr)
        c_.log.add(text("Fragment cannot condition on non composite type ", quoted(t->name), "."), *f.type_condition);
}

void fragments_on_composite_types::enter(const ast::fragment_definition& f) {
    if (const auto* t = non_composite(c_.schema, f.type_condition); t != nullptr)
        c_.log.add(text("Fragment ", quoted(f.name.text), " cannot condition on non composite type ", quoted(t->name), "."),
                   *f.type_condition);
}

void unique_fragment_names::enter(const ast::fragment_definition& f) {
    const auto [known, is_new] = known_.emplace(f.name.text, f.name);
    if (!is_new)
        c_.log.add(text("There can be only one fragment named ", quoted(f.name.text), "."),
                   {known->second.begin, f.name.begin});
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
    std::vector<bool> used(c_.fragments.names());
    for (const auto* f : c_.fragments.used_by(operations))
        used[c_.fragments.id(*f)] = true;
    for (const auto* definition : d.definitions()) {
        if (definition->kind != ast::kind::fragment_definition)
            continue;
        const auto& f = static_cast<const ast::fragment_definition&>(*definition);
        if (!used[c_.fragments.id(f)])
            c_.log.add(text("Fragment ", quoted(f.name.text), " is never used."), f);
    }
}

void possible_fragment_spreads::enter(const ast::inline_fragment& f) {
    const auto* inside = c_.output();
    const auto* parent = c_.parent();
    if (inside == nullptr || parent == nullptr || !inside->is_composite() || overlap(c_.schema, *inside, *parent))
        return;
    c_.log.add(text("Fragment cannot be spread here as objects of type ", quoted(parent->name), " can never be of type ",
                    quoted(inside->name), "."),
               f);
}

void possible_fragment_spreads::enter(const ast::fragment_spread& s) {
    const auto* f = c_.fragments.find(s);
    const auto* inside = f != nullptr ? c_.schema.find_type(f->type_condition->name.text) : nullptr;
    const auto* parent = c_.parent();
    if (inside == nullptr || parent == nullptr || !inside->is_composite() || overlap(c_.schema, *inside, *parent))
        return;
    c_.log.add(text("Fragment ", quoted(s.name.text), " cannot be spread here as objects of type ", quoted(parent->name),
                    " can never be of type ", quoted(inside->name), "."),
               s);
}

/// Depth first, with an explicit stack, because a chain of fragments can be as long as the document.
void no_fragment_cycles::enter(const ast::fragment_definition& f) {
    begin(c_.fragments.id(f), f);
    while (!visits_.empty()) {
        auto& current = visits_.back();
        if (current.ahead.empty()) {
            place_[current.id] = nowhere;
            visits_.pop_back();
            if (!spreads_.empty())
                spreads_.pop_back(); // the spread that led to this fragment
            continue;
        }
        const auto* spread = current.ahead.front();
        current.ahead = current.ahead.subspan(1);
        spreads_.push_back(spread);
        const auto id = c_.fragments.id(*spread);
        if (place_[id] != nowhere)
            report(place_[id]);
        else if (const auto* next = c_.fragments.find(id); next != nullptr && begin(id, *next))
            continue;
        spreads_.pop_back();
    }
}

/// Returns false if there is nothing to visit in the fragment.
bool no_fragment_cycles::begin(fragment_id id, const ast::fragment_definition& f) {
    if (visited_[id])
        return false;
    visited_[id] = true;
    const auto spreads = c_.fragments.spreads(*f.selection_set);
    if (spreads.empty())
        return false;
    place_[id] = spreads_.size();
    visits_.push_back({id, spreads});
    return true;
}

/// Reports a cycle: the spreads from index `first` on lead back to the fragment that contains the first of them.
void no_fragment_cycles::report(std::size_t first) {
    std::string via;
    std::vector<std::uint32_t> places;
    for (auto i = first; i < spreads_.size(); ++i) {
        places.push_back(spreads_[i]->begin);
        if (i + 1 < spreads_.size())
            via += text(via.empty() ? " via " : ", ", quoted(spreads_[i]->name.text));
    }
    c_.log.add(text("Cannot spread fragment ", quoted(spreads_.back()->name.text), " within itself", abbreviated(via), "."),
               places);
}

} // namespace atrium::graphql::validation
