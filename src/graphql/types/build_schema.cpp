#include "types/definition_reader.hpp"
#include "types/schema_maker.hpp"

#include <graphql/sdl.hpp>

#include <utility>

namespace atrium::graphql {

boost::system::result<schema, located_errors> build_schema(document definitions, const scalar_inputs& scalars) {
    schema_maker maker;
    if (auto error = definition_reader{maker, definitions, scalars}.read())
        return located_errors{std::move(*error)};
    return maker.finish(std::move(definitions));
}

} // namespace atrium::graphql
