#include "types/definition_reader.hpp"
#include "types/schema_maker.hpp"
#include "types/sdl_rules.hpp"
#include "types/type_rules.hpp"

#include <graphql/sdl.hpp>

#include <utility>

namespace atrium::graphql {

boost::system::result<schema, located_errors> build_schema(document definitions, const scalar_inputs& scalars) {
    // Each step relies on the checks of the previous one; graphql-js also stops at the first step with errors.
    schema_maker maker;
    error_log log{definitions};
    check_sdl(definitions, maker.standard_directives(), log);
    if (!log.empty())
        return log.take();
    if (auto error = definition_reader{maker, definitions, scalars}.read())
        return located_errors{std::move(*error)};
    auto s = maker.finish();
    check_types(s, definitions, log);
    if (!log.empty())
        return log.take();
    schema_maker::keep(s, std::move(definitions));
    return s;
}

} // namespace atrium::graphql
