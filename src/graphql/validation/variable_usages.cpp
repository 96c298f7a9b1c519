#include "validation/variable_usages.hpp"

#include "language/walk.hpp"
#include "validation/type_info.hpp"

#include <array>
#include <utility>

namespace atrium::graphql::validation {
namespace {

struct collector {
    const type_info& types;
    variable_usages::list found{};

    step enter(const ast::variable_definition&) { return step::over; }
    void enter(const ast::value& v) {
        if (v.kind == ast::kind::variable)
            found.push_back({&v, types.input(), types.has_default(), types.parent_input()});
    }
};

} // namespace

const variable_usages::list& variable_usages::in_definition(const ast::node& definition) {
    const auto [entry, is_new] = in_definitions_.try_emplace(&definition);
    if (is_new) {
        type_info types{schema_};
        collector variables{types};
        walker{types, variables}.walk(definition);
        entry->second = std::move(variables.found);
    }
    return entry->second;
}

const variable_usages::list& variable_usages::in_all(const fragments::list& definitions) {
    const auto [entry, is_new] = in_fragments_.try_emplace(&definitions);
    if (is_new && fragments_.spend(definitions.size()))
        for (const auto* fragment : definitions) {
            const auto& own = in_definition(*fragment);
            if (!fragments_.spend(own.size()))
                break;
            entry->second.insert(entry->second.end(), own.begin(), own.end());
        }
    return entry->second;
}

const variable_usages::list& variable_usages::in(const ast::operation& o) {
    const auto [entry, is_new] = in_operations_.try_emplace(&o);
    if (is_new) {
        const auto& in_its_fragments = in_all(fragments_.used_by(std::array{&o}));
        if (!fragments_.spend(in_its_fragments.size()))
            return entry->second;
        auto& all = entry->second = in_definition(o);
        all.insert(all.end(), in_its_fragments.begin(), in_its_fragments.end());
    }
    return entry->second;
}

} // namespace atrium::graphql::validation
