#pragma once

#include <graphql/document.hpp>

#include <string>

namespace atrium::graphql {

/// The text of a node and all below it, laid out as graphql-js prints it.
[[nodiscard]] std::string print(const ast::node& n);
[[nodiscard]] std::string print(const document& d);

} // namespace atrium::graphql
