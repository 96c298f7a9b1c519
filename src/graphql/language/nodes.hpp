#pragma once

#include <graphql/document.hpp>

#include <span>
#include <string_view>

/// Questions about nodes that several rooms ask.
namespace atrium::graphql {

/// "query", "mutation", "subscription".
[[nodiscard]] std::string_view name_of(ast::operation_type type) noexcept;

/// Whether it defines or extends a type.
[[nodiscard]] bool is_type_definition(const ast::node& n) noexcept;

/// The directives that it bears; none where it cannot bear any.
[[nodiscard]] std::span<const ast::directive* const> directives_of(const ast::node& n) noexcept;

/// The first of that name, or null.
[[nodiscard]] const ast::directive* find_directive(std::span<const ast::directive* const> given,
                                                   std::string_view name) noexcept;

/// Whether it is a variable or has one in it.
[[nodiscard]] bool has_variables(const ast::value& v) noexcept;

} // namespace atrium::graphql
