#pragma once

#include <graphql/document.hpp>

#include <string>

namespace atrium::graphql {

/// The text of a node and everything below it, in the layout of graphql-js.
[[nodiscard]] std::string print(const ast::node& n);
[[nodiscard]] std::string print(const document& d);

} // namespace atrium::graphql
