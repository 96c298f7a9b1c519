#pragma once

#include <graphql/document.hpp>

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A schema describes what clients can query. It is built by `build_schema` (<graphql/sdl.hpp>) or a `schema_builder`, and
/// never changed afterwards. Any thread may read it. Pointers between its parts are valid as long as the schema.
namespace atrium::graphql {

struct type;

enum class type_kind : std::uint8_t { scalar, object, interface, union_type, enumeration, input_object, list, non_null };

/// How a scalar reads input. The error is a message for the client: "Int cannot represent non-integer value: \"a\"".
class scalar_input {
public:
    virtual ~scalar_input() = default;
    /// Reads a literal that contains no variables.
    [[nodiscard]] virtual boost::system::result<boost::json::value, std::string>
    from_literal(const ast::value& literal) const = 0;
    /// Reads the JSON value of a variable.
    [[nodiscard]] virtual boost::system::result<boost::json::value, std::string>
    from_variable(const boost::json::value& value) const = 0;
};

/// An argument, or a field of an input object.
struct input_value {
    std::string name;
    std::optional<std::string> description{};
    const graphql::type* type = nullptr;
    std::optional<boost::json::value> default_value{}; ///< coerced; an enum value is a string with its name
    std::optional<std::string> deprecation_reason{};
    const ast::input_value_definition* definition = nullptr; ///< null unless the schema came from SDL

    /// Whether a value must be given: the type is non-null and there is no default.
    [[nodiscard]] bool is_required() const noexcept;
};

struct field {
    std::string name;
    std::optional<std::string> description{};
    std::vector<input_value> arguments{};
    const graphql::type* type = nullptr;
    std::optional<std::string> deprecation_reason{};
    const ast::field_definition* definition = nullptr;

    [[nodiscard]] const input_value* find_argument(std::string_view name) const noexcept;
};

struct enum_value {
    std::string name;
    std::optional<std::string> description{};
    std::optional<std::string> deprecation_reason{};
    const ast::enum_value_definition* definition = nullptr;
};

/// A type of any kind; members that do not apply to its kind are empty. The members are those of the specification's `__Type`.
struct type {
    type_kind kind;
    std::string name{}; ///< empty for list and non_null
    std::optional<std::string> description{};
    std::vector<field> fields{};               ///< object, interface; in the order of their definition
    std::vector<const type*> interfaces{};     ///< object, interface: those that it implements
    std::vector<const type*> possible_types{}; ///< union: its members; interface: the objects that implement it
    std::vector<enum_value> enum_values{};
    std::vector<input_value> input_fields{};
    bool is_one_of = false; ///< input object with @oneOf
    std::optional<std::string> specified_by_url{};
    std::shared_ptr<const scalar_input> input{};            ///< how a scalar reads input
    const type* of_type = nullptr;                          ///< list, non_null
    std::vector<const ast::type_definition*> definitions{}; ///< the definition, then its extensions; empty unless from SDL
    std::vector<std::uint32_t> by_name{}; ///< positions in `fields`, `input_fields` or `enum_values`, sorted by their names

    /// Does not find meta fields.
    [[nodiscard]] const graphql::field* find_field(std::string_view name) const noexcept;
    [[nodiscard]] const input_value* find_input_field(std::string_view name) const noexcept;
    [[nodiscard]] const enum_value* find_enum_value(std::string_view name) const noexcept;

    [[nodiscard]] bool is_composite() const noexcept; ///< object, interface, union
    [[nodiscard]] bool is_abstract() const noexcept;  ///< interface, union
    [[nodiscard]] bool is_leaf() const noexcept;      ///< scalar, enum
    [[nodiscard]] bool is_input() const noexcept;     ///< scalar, enum, input object, and wrappers of these
    [[nodiscard]] bool is_output() const noexcept;

    [[nodiscard]] const type& named() const noexcept;    ///< the type inside all lists and non-nulls
    [[nodiscard]] const type& nullable() const noexcept; ///< the type inside the outermost non-null, if there is one
};

/// "[User!]!"
[[nodiscard]] std::string to_string(const type& t);

struct directive {
    std::string name;
    std::optional<std::string> description{};
    std::vector<std::string> locations{}; ///< "FIELD", "FRAGMENT_SPREAD", ...
    std::vector<input_value> arguments{};
    bool is_repeatable = false;
    const ast::directive_definition* definition = nullptr;

    [[nodiscard]] const input_value* find_argument(std::string_view name) const noexcept;
};

class schema {
public:
    schema();
    ~schema();
    schema(schema&&) noexcept;
    schema& operator=(schema&&) noexcept;

    [[nodiscard]] const std::optional<std::string>& description() const noexcept;
    /// The root type of this kind of operation; null if the schema has none.
    [[nodiscard]] const type* root(ast::operation_type operation) const noexcept;

    /// Finds a named type, not a list or non-null type.
    [[nodiscard]] const type* find_type(std::string_view name) const noexcept;
    [[nodiscard]] const directive* find_directive(std::string_view name) const noexcept;
    /// Named types in the order of graphql-js's type map, including those of introspection.
    [[nodiscard]] std::span<const type* const> types() const noexcept;
    [[nodiscard]] std::span<const directive* const> directives() const noexcept; ///< including those of the specification

    /// Hides the schema from clients: introspection is refused, and errors suggest no names. `__typename` remains available.
    /// Call it at start, before the schema is shared.
    void hide() noexcept;
    [[nodiscard]] bool is_hidden() const noexcept;

    /// Whether the object or interface `candidate` implements the interface `abstract`, or is a member of the union `abstract`.
    [[nodiscard]] bool is_subtype(const type& abstract, const type& candidate) const noexcept;

    /// The type that a document refers to; null if its name is unknown. Equal types have equal addresses, because list and
    /// non-null types are created once and live as long as the schema. Documents can refer to lists of any depth. To limit the
    /// memory, the schema creates only a few thousand types with more than two nested lists; after that, the result for any
    /// other type with so many lists is also null.
    [[nodiscard]] const type* resolve(const ast::type_reference& t) const noexcept;

    /// The field of a composite type, including `__typename`, and `__schema` and `__type` on the query root.
    [[nodiscard]] const graphql::field* find_field(const type& parent, std::string_view name) const noexcept;

private:
    friend class schema_maker;
    struct contents;
    std::unique_ptr<contents> contents_;
};

} // namespace atrium::graphql
