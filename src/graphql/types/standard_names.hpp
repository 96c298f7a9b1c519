#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace atrium::graphql {

/// The types that the specification itself defines, scalars first.
inline constexpr std::array<std::string_view, 13> standard_type_names{
    "String", "Int",     "Float",        "Boolean",     "ID",         "__Schema", "__Directive", "__DirectiveLocation",
    "__Type", "__Field", "__InputValue", "__EnumValue", "__TypeKind",
};

[[nodiscard]] constexpr bool is_standard_type_name(std::string_view name) noexcept {
    return std::find(standard_type_names.begin(), standard_type_names.end(), name) != standard_type_names.end();
}

/// The directives that the specification defines.
inline constexpr std::array<std::string_view, 5> standard_directive_names{"include", "skip", "deprecated", "specifiedBy",
                                                                          "oneOf"};

[[nodiscard]] constexpr bool is_standard_directive_name(std::string_view name) noexcept {
    return std::find(standard_directive_names.begin(), standard_directive_names.end(), name) != standard_directive_names.end();
}

} // namespace atrium::graphql
