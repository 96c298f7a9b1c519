#pragma once

#include "types/schema_maker.hpp"

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>
#include <graphql/sdl.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace atrium::graphql {

/// Reads the type definitions of a document into a new schema. Can be used only once. The document must follow the rules of SDL
/// ("types/sdl_rules.hpp"). Whether the types fit each other is not checked here.
class definition_reader {
public:
    /// All arguments must outlive the reader.
    definition_reader(schema_maker& maker, const document& d, const scalar_inputs& scalars)
        : maker_{maker}, document_{d}, scalars_{scalars} {}

    /// Returns the first error that is only detected while reading: invalid arguments of the specification's directives, or
    /// default values that depend on themselves.
    [[nodiscard]] std::optional<located_error> read();

    /// Reads the specification's own types, which get no pointers to nodes.
    void read_standard();

private:
    struct type_definitions {
        type* target;                                   ///< null if the specification's own type is used instead
        std::vector<const ast::type_definition*> nodes; ///< the definition, then its extensions
    };

    void collect();
    void collect_extensions();
    /// Reads what does not refer to other types: the description, the enum values, and the directives of the definition.
    void read_simple_members(const type_definitions& definitions);
    /// Reads what refers to other types: fields, interfaces, and the members of a union.
    void read_typed_members(const type_definitions& definitions);
    void read_directive(const ast::directive_definition& d);
    void read_roots();

    [[nodiscard]] std::vector<input_value> read_input_values(std::span<const ast::input_value_definition* const> definitions);

    /// The string value of an argument of one of the specification's directives; nothing if the directive is absent.
    [[nodiscard]] std::optional<std::string> directive_text(std::span<const ast::directive* const> directives,
                                                            std::string_view directive_name, std::string_view argument);
    [[nodiscard]] std::optional<std::string> deprecation_reason(std::span<const ast::directive* const> directives) {
        return directive_text(directives, "deprecated", "reason");
    }

    void read_defaults();
    /// Sets the default value of `v`. First sets the default values of all input fields that the literal of this value leaves
    /// out, because they become part of the value.
    /// @param owner the input object that has the field `v`; null if `v` is an argument
    void read_default(input_value& v, const type* owner);
    void fail_on_cycle(const input_value& v);

    /// Calls `f(input_value&, const type* owner)` for each argument and input field that was read.
    template <class F>
    void for_each_input_value(F f);

    void forget_nodes();
    void fail(std::string message, std::uint32_t place);

    schema_maker& maker_;
    const document& document_;
    const scalar_inputs& scalars_;
    bool is_standard_ = false;              // whether the document is the specification's own
    std::vector<type_definitions> types_{}; // in the order of the document
    std::vector<const ast::directive_definition*> directive_definitions_{};
    std::vector<directive*> directives_{};
    std::vector<const ast::schema_definition*> schemas_{}; // the definition and its extensions
    std::unordered_set<const input_value*> finished_defaults_{};
    /// The defaults that are being read, each with its owner. Each depends on the next one.
    std::vector<std::pair<const input_value*, const type*>> unfinished_defaults_{};
    std::optional<located_error> error_{};
};

} // namespace atrium::graphql
