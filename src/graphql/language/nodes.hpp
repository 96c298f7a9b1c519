#pragma once

#include <graphql/document.hpp>

#include <span>
#include <string_view>

/// Functions that several rooms (src/graphql/README.md) apply to nodes.
namespace atrium::graphql {

/// "query", "mutation", "subscription".
[[nodiscard]] std::string_view name_of(ast::operation_type type) noexcept;

/// Whether the node defines or extends a type.
[[nodiscard]] bool is_type_definition(const ast::node& n) noexcept;

/// The directives of a node; empty if nodes of its kind have none.
[[nodiscard]] std::span<const ast::directive* const> directives_of(const ast::node& n) noexcept;

/// The first directive of that name, or null.
[[nodiscard]] const ast::directive* find_directive(std::span<const ast::directive* const> directives,
                                                   std::string_view name) noexcept;

/// Whether the value is a variable or contains one.
[[nodiscard]] bool has_variables(const ast::value& v) noexcept;

} // namespace atrium::graphql
