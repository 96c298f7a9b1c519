#pragma once

#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// Says what is wrong with documents, one line of JSON for each line of JSON. One thread.
class checker {
public:
    /// The answer to `{"schema": SDL, "document": text}`:
    ///   {"errors":[...]}        what is wrong with the document: its syntax error, or each rule that it breaks; nothing, if it
    ///   is
    ///                           valid. Without a schema (or with null) only its syntax is checked.
    ///   {"schemaErrors":[...]}  the schema cannot be built
    /// Each error is `{"message": text, "locations": [{"line": 1, "column": 1}]}`, in the order of graphql-js.
    /// Throws std::runtime_error for a line that asks for nothing of this.
    [[nodiscard]] std::string answer(std::string_view line);

private:
    using built_schema = boost::system::result<graphql::schema, graphql::located_errors>;
    const built_schema& schema_of(std::string_view sdl);

    std::string sdl_; ///< of `schema_`: a suite asks many documents of one schema
    std::optional<built_schema> schema_;
};

} // namespace atrium
