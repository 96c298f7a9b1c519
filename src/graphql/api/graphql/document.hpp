#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// A GraphQL document as the parser returns it: a tree of plain structs that follows the grammar of the September 2025
/// specification (appendix C), for executable definitions and the type system.
namespace atrium::graphql {

/// A position in a source, counted from 1. A column is one UTF-16 code unit, as in graphql-js.
struct location {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    friend bool operator==(const location&, const location&) = default;
};

namespace ast {

enum class kind : std::uint8_t {
    operation,
    fragment_definition,
    variable_definition,
    selection_set,
    field,
    argument,
    fragment_spread,
    inline_fragment,
    directive,
    // values
    variable,
    int_value,
    float_value,
    string_value,
    boolean_value,
    null_value,
    enum_value,
    list_value,
    object_value,
    object_field,
    // type references
    named_type,
    list_type,
    non_null_type,
    // the type system; `type_definition::extends` and `schema_definition::extends` mark an extension
    schema_definition,
    operation_type_definition,
    scalar_type,
    object_type,
    interface_type,
    union_type,
    enum_type,
    input_object_type,
    field_definition,
    input_value_definition,
    enum_value_definition,
    directive_definition,
};

/// The members of all nodes. Nodes live in their document's arena, are never changed after parsing, and are destroyed with the
/// document.
struct node {
    ast::kind kind;
    std::uint32_t begin = 0; ///< byte offset, in the source, of the node's first token, which may be its description
    std::uint32_t end = 0;   ///< byte offset, in the source, of the end of the node's last token
};

/// The members of all nodes that may have a description.
struct described : node {
    std::optional<std::string_view> description{}; ///< the value of the string
    bool block_description = false;                ///< the description was written as """block"""
};

/// Not a node: a token that is a name.
struct name {
    std::string_view text{};
    std::uint32_t begin = 0;
};

struct object_field;

/// A literal or a variable, depending on `node::kind`.
struct value : node {
    /// variable: its name, without `$`; numbers: as written; strings: their value, with escapes and block indentation resolved;
    /// booleans: "true" or "false"; enums: the name.
    std::string_view text{};
    bool block = false;                            ///< a string that was written as """block"""
    std::span<const value* const> items{};         ///< the items of a list
    std::span<const object_field* const> fields{}; ///< the fields of an object
};

struct object_field : node {
    ast::name name;
    const ast::value* value = nullptr;
};

struct argument : node {
    ast::name name;
    const ast::value* value = nullptr;
};

struct directive : node {
    ast::name name;
    std::span<const argument* const> arguments{};
};

/// `Name`, `[inner]` or `inner!`.
struct type_reference : node {
    ast::name name{};                      ///< the name of a named type
    const type_reference* inner = nullptr; ///< the type inside a list or non-null type
};

struct selection_set : node {
    std::span<const node* const> selections{}; ///< field, fragment_spread, inline_fragment
};

struct field : node {
    std::optional<ast::name> alias{};
    ast::name name;
    std::span<const argument* const> arguments{};
    std::span<const directive* const> directives{};
    const ast::selection_set* selection_set = nullptr; ///< null if there is none

    /// The key in the response: the alias, or the name if there is no alias.
    [[nodiscard]] std::string_view response_key() const noexcept { return alias ? alias->text : name.text; }
};

struct fragment_spread : node {
    ast::name name;
    std::span<const directive* const> directives{};
};

struct inline_fragment : node {
    const type_reference* type_condition = nullptr; ///< null if there is none
    std::span<const directive* const> directives{};
    const ast::selection_set* selection_set = nullptr;
};

struct variable_definition : described {
    const ast::value* variable = nullptr;
    const type_reference* type = nullptr;
    const value* default_value = nullptr; ///< null if there is none
    std::span<const directive* const> directives{};
};

enum class operation_type : std::uint8_t { query, mutation, subscription };

struct operation : described {
    operation_type type = operation_type::query;
    std::optional<ast::name> name{};
    std::span<const variable_definition* const> variables{};
    std::span<const directive* const> directives{};
    const ast::selection_set* selection_set = nullptr;
};

struct fragment_definition : described {
    ast::name name;
    const type_reference* type_condition = nullptr;
    std::span<const directive* const> directives{};
    const ast::selection_set* selection_set = nullptr;
};

// --- type system ------------------------------------------------------------------------------------------------------------

struct operation_type_definition : node {
    operation_type operation = operation_type::query;
    const type_reference* type = nullptr;
};

struct schema_definition : described {
    bool extends = false;
    std::span<const directive* const> directives{};
    std::span<const operation_type_definition* const> operation_types{};
};

struct input_value_definition : described {
    ast::name name;
    const type_reference* type = nullptr;
    const value* default_value = nullptr; ///< null if there is none
    std::span<const directive* const> directives{};
};

struct field_definition : described {
    ast::name name;
    std::span<const input_value_definition* const> arguments{};
    const type_reference* type = nullptr;
    std::span<const directive* const> directives{};
};

struct enum_value_definition : described {
    ast::name name;
    std::span<const directive* const> directives{};
};

/// A definition or extension of a type of any of the six kinds; spans that do not apply to its kind are empty.
struct type_definition : described {
    bool extends = false;
    ast::name name;
    std::span<const type_reference* const> interfaces{}; ///< object, interface
    std::span<const directive* const> directives{};
    std::span<const field_definition* const> fields{};             ///< object, interface
    std::span<const type_reference* const> members{};              ///< union
    std::span<const enum_value_definition* const> values{};        ///< enum
    std::span<const input_value_definition* const> input_fields{}; ///< input object
};

struct directive_definition : described {
    ast::name name;
    std::span<const input_value_definition* const> arguments{};
    bool repeatable = false;
    std::span<const ast::name> locations{};
};

} // namespace ast

/// A parsed source. Movable; nodes keep their addresses. Any thread may read it.
class document {
public:
    explicit document(std::string source);
    ~document();
    document(document&&) noexcept;
    document& operator=(document&&) noexcept;

    [[nodiscard]] std::string_view source() const noexcept;

    /// operation, fragment_definition, schema_definition, type_definition and directive_definition nodes, in the order of the
    /// source.
    [[nodiscard]] std::span<const ast::node* const> definitions() const noexcept;

    /// Line and column of a byte of the source: `locate(node.begin)`. Lines end with LF, CR or CRLF.
    [[nodiscard]] location locate(std::uint32_t offset) const noexcept;

    /// Number of tokens in the source; 0 for a document of `parse_value` or `parse_type`.
    [[nodiscard]] std::size_t tokens() const noexcept;

    /// Bytes of memory that the source and the tree occupy.
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    friend class parser;
    struct contents;
    std::unique_ptr<contents> contents_;
};

} // namespace atrium::graphql
