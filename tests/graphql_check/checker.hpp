#pragma once

#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Checks GraphQL documents: returns one line of JSON for each line of JSON. Must be used by one thread only.
class checker {
public:
    /// Returns the response to a line `{"schema": SDL, "document": text}`:
    ///   {"errors":[...]}        the errors of the document: one syntax error, or the errors of validation; none if it is valid
    ///   {"schemaErrors":[...]}  the reasons why the schema cannot be built
    /// If the schema is absent or null, only the syntax of the document is checked.
    /// Each error is `{"message": text, "locations": [{"line": 1, "column": 1}]}`, in the order of graphql-js.
    /// Throws std::runtime_error for a line that is not such a request.
    [[nodiscard]] std::string answer(std::string_view line);

private:
    using built_schema = boost::system::result<graphql::schema, graphql::located_errors>;
    const built_schema& schema_of(std::string_view sdl);

    std::string sdl_; ///< the source of `schema_`, which is kept because a suite uses one schema for many documents
    std::optional<built_schema> schema_;
};

} // namespace atrium
