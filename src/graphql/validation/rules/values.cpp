#include "validation/rules/values.hpp"

#include "types/suggestions.hpp"
#include "validation/text.hpp"

#include <graphql/printer.hpp>

#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::graphql::validation {
step values_of_correct_type::enter(const ast::value& v) {
    const auto* expected = c_.input();
    switch (v.kind) {
    case ast::kind::variable: break;
    case ast::kind::list_value:
        // `input` is now the expected type of the items, and `enclosing_input` that of the list.
        if (const auto* list_type = c_.enclosing_input();
            list_type == nullptr || list_type->nullable().kind != type_kind::list) {
            check_leaf(v);
            return step::over;
        }
        break;
    case ast::kind::object_value: return enter_object(v);
    case ast::kind::null_value:
        if (expected != nullptr && expected->kind == type_kind::non_null)
            report_unexpected(v, *expected);
        break;
    default: check_leaf(v);
    }
    return step::into;
}

step values_of_correct_type::enter_object(const ast::value& v) {
    const auto* expected = c_.input();
    if (expected == nullptr || expected->named().kind != type_kind::input_object) {
        check_leaf(v);
        return step::over;
    }
    check_fields(v, expected->named());
    return step::into;
}

void values_of_correct_type::check_fields(const ast::value& v, const type& t) {
    std::unordered_map<std::string_view, const ast::object_field*> fields;
    for (const auto* f : v.fields)
        fields.insert_or_assign(f->name.text, f);
    for (const auto& f : t.input_fields)
        if (f.is_required() && !fields.contains(f.name))
            c_.log.add(text("Field ", quoted(text(t.name, ".", f.name)), " of required type ", quoted(to_string(*f.type)),
                            " was not provided."),
                       v);
    if (!t.is_one_of)
        return;
    if (fields.size() != 1) {
        c_.log.add(text("OneOf Input Object ", quoted(t.name), " must specify exactly one key."), v);
        return;
    }
    const auto& [name, only_field] = *fields.begin();
    if (only_field->value->kind == ast::kind::null_value)
        c_.log.add(text("Field ", quoted(text(t.name, ".", name)), " must be non-null."), v);
}

void values_of_correct_type::enter(const ast::object_field& f) {
    const auto* object = c_.enclosing_input();
    if (c_.input() != nullptr || object == nullptr || object->named().kind != type_kind::input_object)
        return;
    const auto& t = object->named();
    c_.log.add(text("Field ", quoted(f.name.text), " is not defined by type ", quoted(t.name), ".",
                    c_.log.suggestion(f.name.text, names_of(t.input_fields))),
               f);
}

void values_of_correct_type::check_leaf(const ast::value& v) {
    const auto* expected = c_.input();
    if (expected == nullptr)
        return;
    const auto& t = expected->named();
    if (t.kind == type_kind::scalar) {
        if (const auto result = t.input->from_literal(v); !result)
            c_.log.add(result.error(), v);
    } else if (t.kind == type_kind::enumeration) {
        check_enum(v, t);
    } else {
        report_unexpected(v, *expected);
    }
}

void values_of_correct_type::check_enum(const ast::value& v, const type& t) {
    if (v.kind == ast::kind::enum_value && t.find_enum_value(v.text) != nullptr)
        return;
    const auto printed = print(v);
    const auto suggestion = c_.log.suggestion(printed, names_of(t.enum_values), "the enum value");
    if (v.kind == ast::kind::enum_value)
        c_.log.add(text("Value ", quoted(printed), " does not exist in ", quoted(t.name), " enum.", suggestion), v);
    else
        c_.log.add(text("Enum ", quoted(t.name), " cannot represent non-enum value: ", abbreviated(printed), ".", suggestion),
                   v);
}

void values_of_correct_type::report_unexpected(const ast::value& v, const type& expected) {
    c_.log.add(text("Expected value of type ", quoted(to_string(expected)), ", found ", abbreviated(print(v)), "."), v);
}

} // namespace atrium::graphql::validation
