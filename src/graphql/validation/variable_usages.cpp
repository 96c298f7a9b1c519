#include "validation/variable_usages.hpp"

#include "language/walk.hpp"
#include "validation/type_info.hpp"

#include <array>
#include <utility>

namespace atrium::graphql::validation {
namespace {

struct usage_collector {
    const type_info& types;
    variable_usages::list found{};

    step enter(const ast::variable_definition&) { return step::over; }
    void enter(const ast::value& v) {
        if (v.kind == ast::kind::variable)
            found.push_back({&v, types.input(), types.has_default(), types.enclosing_input()});
    }
};

} // namespace

const variable_usages::list& variable_usages::usages_of_definition(const ast::node& definition) {
    const auto [entry, is_new] = usages_by_definition_.try_emplace(&definition);
    if (is_new) {
        type_info types{schema_};
        usage_collector usages{types};
        walker{types, usages}.walk(definition);
        entry->second = std::move(usages.found);
    }
    return entry->second;
}

const variable_usages::list& variable_usages::usages_of_fragments(const fragments::list& definitions) {
    const auto [entry, is_new] = usages_by_fragments_.try_emplace(&definitions);
    if (is_new && fragments_.spend(definitions.size()))
        for (const auto* fragment : definitions) {
            const auto& usages = usages_of_definition(*fragment);
            if (!fragments_.spend(usages.size()))
                break;
            entry->second.insert(entry->second.end(), usages.begin(), usages.end());
        }
    return entry->second;
}

const variable_usages::list& variable_usages::usages_of(const ast::operation& o) {
    const auto [entry, is_new] = usages_by_operation_.try_emplace(&o);
    if (is_new) {
        const auto& usages_in_fragments = usages_of_fragments(fragments_.fragments_of(std::array{&o}));
        if (!fragments_.spend(usages_in_fragments.size()))
            return entry->second;
        auto& all = entry->second = usages_of_definition(o);
        all.insert(all.end(), usages_in_fragments.begin(), usages_in_fragments.end());
    }
    return entry->second;
}

} // namespace atrium::graphql::validation
