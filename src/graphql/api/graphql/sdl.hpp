#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <boost/system/result.hpp>

#include <map>
#include <memory>
#include <string>

namespace atrium::graphql {

/// By name of a custom scalar: how it takes input. One that is not in it takes any value.
using scalar_inputs = std::map<std::string, std::shared_ptr<const scalar_input>, std::less<>>;

/// The schema that a document of type definitions describes, or every rule of SDL and of type systems (specification, section
/// 3) that it breaks, in the order and the words of graphql-js (`buildSchema`, then `validateSchema`). The schema keeps the
/// document.
[[nodiscard]] boost::system::result<schema, located_errors> build_schema(document definitions,
                                                                         const scalar_inputs& scalars = {});

/// The definitions of a schema, laid out as graphql-js's `printSchema` does; without what every schema has.
[[nodiscard]] std::string print_schema(const schema& s);

} // namespace atrium::graphql
