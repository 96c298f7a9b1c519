#include "validation/fragments.hpp"

#include <algorithm>
#include <utility>

namespace atrium::graphql::validation {
namespace {

const ast::selection_set* selections_of(const ast::node& n) noexcept {
    switch (n.kind) {
    case ast::kind::operation: return static_cast<const ast::operation&>(n).selection_set;
    case ast::kind::fragment_definition: return static_cast<const ast::fragment_definition&>(n).selection_set;
    case ast::kind::field: return static_cast<const ast::field&>(n).selection_set;
    case ast::kind::inline_fragment: return static_cast<const ast::inline_fragment&>(n).selection_set;
    default: return nullptr;
    }
}

/// Returns the spreads in a selection set and in all sets below it. First come the spreads of the set itself. Then come those
/// of each set directly below it, the last set in the document first; within each of these sets, the order is the same. This is
/// the order of graphql-js, and it determines the order in which cycles and variables are found.
std::vector<const ast::fragment_spread*> collect_spreads(const ast::selection_set& root) {
    std::vector<const ast::fragment_spread*> found;
    std::vector<const ast::selection_set*> pending{&root};
    while (!pending.empty()) {
        const auto* set = pending.back();
        pending.pop_back();
        for (const auto* selection : set->selections) {
            if (selection->kind == ast::kind::fragment_spread)
                found.push_back(static_cast<const ast::fragment_spread*>(selection));
            else if (const auto* below = selections_of(*selection); below != nullptr)
                pending.push_back(below);
        }
    }
    return found;
}

} // namespace

fragments::fragments(const document& d, error_log& log) : log_{log} {
    for (const auto* definition : d.definitions()) {
        if (definition->kind == ast::kind::fragment_definition) {
            const auto& f = static_cast<const ast::fragment_definition&>(*definition);
            add(f.name.text, &f);
        }
        if (const auto* selections = selections_of(*definition); selections != nullptr)
            for (const auto* spread : spreads(*selections))
                add(spread->name.text, nullptr);
    }
}

void fragments::add(std::string_view name, const ast::fragment_definition* definition) {
    const auto [entry, is_new] = ids_.emplace(name, static_cast<fragment_id>(definitions_.size()));
    if (is_new)
        definitions_.push_back(definition);
    else if (definition != nullptr)
        definitions_[entry->second] = definition;
}

std::span<const ast::fragment_spread* const> fragments::spreads(const ast::selection_set& s) {
    const auto [entry, is_new] = spreads_.try_emplace(&s);
    if (is_new)
        entry->second = collect_spreads(s);
    return entry->second;
}

bool fragments::spend(std::size_t cost) {
    if (cost > allowance_) {
        log_.abort("Validation aborted.");
        allowance_ = 0;
        return false;
    }
    allowance_ -= cost;
    return true;
}

const fragments::list& fragments::fragments_of(std::span<const ast::operation* const> operations) {
    std::vector<fragment_id> direct;
    std::vector<bool> seen(name_count());
    for (const auto* operation : operations)
        for (const auto* spread : spreads(*operation->selection_set))
            if (const auto fragment = id(*spread); !seen[fragment]) {
                seen[fragment] = true;
                direct.push_back(fragment);
            }
    auto key = direct;
    std::sort(key.begin(), key.end());
    const auto [entry, is_new] = lists_.try_emplace(std::move(key));
    if (is_new && spend(direct.size()))
        entry->second = find_reachable(std::move(direct));
    return entry->second;
}

/// Returns the fragments in `pending` and those that they spread, directly or through others. Searches breadth first, and
/// appends the fragments that it finds to `pending`.
fragments::list fragments::find_reachable(std::vector<fragment_id> pending) {
    list found;
    std::vector<bool> seen(name_count());
    for (const auto fragment : pending)
        seen[fragment] = true;
    for (std::size_t next = 0; next < pending.size(); ++next) {
        const auto* definition = find(pending[next]);
        if (definition == nullptr)
            continue;
        found.push_back(definition);
        const auto inner_spreads = spreads(*definition->selection_set);
        if (!spend(inner_spreads.size()))
            return {};
        for (const auto* spread : inner_spreads)
            if (const auto fragment = id(*spread); !seen[fragment]) {
                seen[fragment] = true;
                pending.push_back(fragment);
            }
    }
    return found;
}

} // namespace atrium::graphql::validation
