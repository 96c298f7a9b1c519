#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>

namespace atrium::graphql {

struct parse_limits {
    std::size_t tokens = 0; ///< maximum number of tokens; 0 means no limit
    /// Maximum depth of nested selection sets, values and types. The parser's own limit, which protects the stack, always
    /// applies as well. With 0, only that limit applies.
    std::size_t depth = 0;
};

/// Parses a source (well-formed UTF-8). Returns its document, or its first syntax error: "Syntax Error: ...".
/// `document::source()` is `source`. Can be called from any thread.
[[nodiscard]] boost::system::result<document, located_error> parse(std::string source, parse_limits limits = {});

/// Like the other `parse`, but also sets `tokens_read` to the number of tokens that were read, up to the error if there is one.
[[nodiscard]] boost::system::result<document, located_error> parse(std::string source, parse_limits limits,
                                                                   std::size_t& tokens_read);

/// Parse a single value (`[1, {a: $b}]`) or a single type (`[Int!]!`): for tools and tests. The document's only definition is
/// that node.
[[nodiscard]] boost::system::result<document, located_error> parse_value(std::string source);
[[nodiscard]] boost::system::result<document, located_error> parse_type(std::string source);

} // namespace atrium::graphql
