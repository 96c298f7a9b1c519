#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>

namespace atrium::graphql {

struct parse_limits {
    std::size_t tokens = 0; ///< at most so many; 0: no limit
    std::size_t depth =
        0; ///< of nested selection sets, values and types; 0: a limit of the parser's own, so that no stack overflows
};

/// The document of a source (UTF-8, well-formed), or its first syntax error: "Syntax Error: ...". `document::source()` is
/// `source`. Any thread.
[[nodiscard]] boost::system::result<document, located_error> parse(std::string source, parse_limits limits = {});

/// The same, which also counts the tokens that were read, up to the error if there is one.
[[nodiscard]] boost::system::result<document, located_error> parse(std::string source, parse_limits limits,
                                                                   std::size_t& tokens_read);

/// A value alone (`[1, {a: $b}]`), a type alone (`[Int!]!`): for tools and tests. Its only definition is that node.
[[nodiscard]] boost::system::result<document, located_error> parse_value(std::string source);
[[nodiscard]] boost::system::result<document, located_error> parse_type(std::string source);

} // namespace atrium::graphql
