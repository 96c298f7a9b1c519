#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <boost/system/result.hpp>

#include <map>
#include <memory>
#include <string>

namespace atrium::graphql {

/// How custom scalars read input, by the name of the scalar. A scalar that is not in the map accepts any value.
using scalar_inputs = std::map<std::string, std::shared_ptr<const scalar_input>, std::less<>>;

/// Returns the schema that a document of type definitions describes, or an error for every rule of SDL and of type systems
/// (specification, section 3) that the document breaks, in the order and with the messages of graphql-js (`buildSchema`, then
/// `validateSchema`). The schema keeps the document.
[[nodiscard]] boost::system::result<schema, located_errors> build_schema(document definitions,
                                                                         const scalar_inputs& scalars = {});

/// The definitions of a schema in the layout of graphql-js's `printSchema`, without the definitions that every schema has.
[[nodiscard]] std::string print_schema(const schema& s);

} // namespace atrium::graphql
