#include "types/values.hpp"

#include <graphql/introspection.hpp>
#include <graphql/schema.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The rows are the parts of the schema itself, and are read while the response is written. Nothing is copied except lists of
// references.
namespace atrium::graphql {
namespace {

template <class T>
using references = std::vector<std::reference_wrapper<const T>>;

template <class T>
references<T> references_to(std::span<const T* const> pointers) {
    references<T> result;
    for (const auto* pointer : pointers)
        result.push_back(*pointer);
    return result;
}

/// The fields, arguments or enum values that are not deprecated, or all of them if the client requests this.
template <class T>
references<T> select_parts(const std::vector<T>& parts, const arguments& a) {
    const bool includes_deprecated = a.get<std::optional<bool>>("includeDeprecated").value_or(false);
    references<T> selected;
    for (const auto& part : parts)
        if (includes_deprecated || !part.deprecation_reason)
            selected.push_back(part);
    return selected;
}

bool has_fields(const type& t) {
    return t.kind == type_kind::object || t.kind == type_kind::interface;
}

template <class T, class Member>
std::optional<references<T>> select_parts_if(bool is_of_kind, const Member& parts, const arguments& a) {
    return is_of_kind ? std::optional{select_parts<T>(parts, a)} : std::nullopt;
}

void add_schema(schema_builder& b) {
    auto query = b.query();
    query.root("__schema", [](const field_call& call) { return std::cref(*call.context.schema); });
    query.root("__type", [](const field_call& call) {
        return call.context.schema->find_type(call.arguments.get<std::string_view>("name"));
    });

    auto schema_type = b.bind<schema>("__Schema");
    schema_type.row("description", &schema::description);
    schema_type.row("types", [](const schema& s) { return references_to(s.types()); });
    schema_type.row("queryType", [](const schema& s) -> const type& { return *s.root(ast::operation_type::query); });
    schema_type.row("mutationType", [](const schema& s) { return s.root(ast::operation_type::mutation); });
    schema_type.row("subscriptionType", [](const schema& s) { return s.root(ast::operation_type::subscription); });
    schema_type.row("directives", [](const schema& s) { return references_to(s.directives()); });
}

void add_type(schema_builder& b) {
    b.bind_enumeration<type_kind>("__TypeKind", {{type_kind::scalar, "SCALAR"},
                                                 {type_kind::object, "OBJECT"},
                                                 {type_kind::interface, "INTERFACE"},
                                                 {type_kind::union_type, "UNION"},
                                                 {type_kind::enumeration, "ENUM"},
                                                 {type_kind::input_object, "INPUT_OBJECT"},
                                                 {type_kind::list, "LIST"},
                                                 {type_kind::non_null, "NON_NULL"}});

    auto t = b.bind<type>("__Type");
    t.field("kind", &type::kind);
    t.row("name", [](const type& row) { return row.name.empty() ? std::nullopt : std::optional<std::string_view>{row.name}; });
    t.field("description", &type::description);
    t.field("specifiedByURL", &type::specified_by_url);
    t.row("fields", [](const type& row, const field_call& call) {
        return select_parts_if<field>(has_fields(row), row.fields, call.arguments);
    });
    t.row("interfaces",
          [](const type& row) { return has_fields(row) ? std::optional{references_to<type>(row.interfaces)} : std::nullopt; });
    t.row("possibleTypes", [](const type& row) {
        return row.is_abstract() ? std::optional{references_to<type>(row.possible_types)} : std::nullopt;
    });
    t.row("enumValues", [](const type& row, const field_call& call) {
        return select_parts_if<enum_value>(row.kind == type_kind::enumeration, row.enum_values, call.arguments);
    });
    t.row("inputFields", [](const type& row, const field_call& call) {
        return select_parts_if<input_value>(row.kind == type_kind::input_object, row.input_fields, call.arguments);
    });
    t.field("ofType", &type::of_type);
    t.row("isOneOf",
          [](const type& row) { return row.kind == type_kind::input_object ? std::optional{row.is_one_of} : std::nullopt; });
}

/// Declares `name` and `description` for a type of introspection that describes a part of the schema: a field, an argument, an
/// enum value or a directive.
template <class T>
object_builder<T> add_part(schema_builder& b, std::string name) {
    auto part = b.bind<T>(std::move(name));
    part.field("name", &T::name);
    part.field("description", &T::description);
    return part;
}

template <class T>
void add_deprecation(object_builder<T> part) {
    part.row("isDeprecated", [](const T& row) { return row.deprecation_reason.has_value(); });
    part.field("deprecationReason", &T::deprecation_reason);
}

void add_parts(schema_builder& b) {
    auto fields = add_part<field>(b, "__Field");
    fields.row("args", [](const field& row, const field_call& call) { return select_parts(row.arguments, call.arguments); });
    fields.row("type", [](const field& row) -> const type& { return *row.type; });
    add_deprecation(fields);

    auto inputs = add_part<input_value>(b, "__InputValue");
    inputs.row("type", [](const input_value& row) -> const type& { return *row.type; });
    inputs.row("defaultValue", [](const input_value& row) {
        return row.default_value ? print_value(*row.default_value, *row.type) : std::nullopt;
    });
    add_deprecation(inputs);

    add_deprecation(add_part<enum_value>(b, "__EnumValue"));

    auto directives = add_part<directive>(b, "__Directive");
    directives.field("isRepeatable", &directive::is_repeatable);
    directives.field("locations", &directive::locations);
    directives.row("args",
                   [](const directive& row, const field_call& call) { return select_parts(row.arguments, call.arguments); });
    directives.row("isDeprecated", [](const directive&) { return false; }); // there is no syntax that deprecates a directive
    directives.row("deprecationReason", [](const directive&) { return std::optional<std::string_view>{}; });
}

} // namespace

void add_introspection(schema_builder& b) {
    add_schema(b);
    add_type(b);
    add_parts(b);
}

} // namespace atrium::graphql
