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

/// Reads the type definitions of a document into a schema in the making, once. The document keeps the rules of SDL
/// ("types/sdl_rules.hpp"); whether the types fit each other is not asked here.
class definition_reader {
public:
    /// All three outlive the reader.
    definition_reader(schema_maker& maker, const document& d, const scalar_inputs& scalars)
        : maker_{maker}, document_{d}, scalars_{scalars} {}

    /// What shows on reading only: arguments of the specification's directives that do not fit, defaults that need themselves.
    /// The first of them ends the reading.
    [[nodiscard]] std::optional<located_error> read();

    /// Reads the specification's own types, which know no nodes.
    void read_standard();

private:
    struct type_definitions {
        type* target;                                   ///< null where the specification's own type stands for it
        std::vector<const ast::type_definition*> nodes; ///< the definition, then its extensions
    };

    void collect();
    void collect_extensions();
    void read_leaf(const type_definitions& definitions);
    void read_composite(const type_definitions& definitions);
    void read_directive(const ast::directive_definition& d);
    void read_roots();

    [[nodiscard]] std::vector<input_value> read_input_values(std::span<const ast::input_value_definition* const> definitions);

    /// The text that an argument of a directive of the specification gives; nothing where the directive does not stand there.
    [[nodiscard]] std::optional<std::string> directive_text(std::span<const ast::directive* const> given,
                                                            std::string_view directive_name, std::string_view argument);
    [[nodiscard]] std::optional<std::string> deprecation_reason(std::span<const ast::directive* const> given) {
        return directive_text(given, "deprecated", "reason");
    }

    void read_defaults();
    /// Fills in the default of `v`, and so those of all fields that it leaves out.
    /// @param owner the input object whose field `v` is, or null
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
    bool is_standard_ = false;              // the document is the specification's own
    std::vector<type_definitions> types_{}; // in the order of the document
    std::vector<const ast::directive_definition*> directive_definitions_{};
    std::vector<directive*> directives_{};
    std::vector<const ast::schema_definition*> schemas_{}; // the definition and its extensions
    std::unordered_set<const input_value*> defaults_read_{};
    std::vector<std::pair<const input_value*, const type*>> defaults_begun_{}; // each needs the next; with their owners
    std::optional<located_error> error_{};
};

} // namespace atrium::graphql
