#include "validation/type_info.hpp"

namespace atrium::graphql::validation {

const type* type_info::find_condition_type(const ast::type_reference& t) const noexcept {
    const auto* named = schema_.find_type(t.name.text);
    return named != nullptr && named->is_output() ? named : nullptr;
}

void type_info::enter(const ast::operation& n) {
    outputs_.push_back(schema_.root(n.type));
}

void type_info::enter(const ast::fragment_definition& n) {
    outputs_.push_back(find_condition_type(*n.type_condition));
}

void type_info::enter(const ast::inline_fragment& n) {
    const auto* enclosing = output();
    outputs_.push_back(n.type_condition != nullptr ? find_condition_type(*n.type_condition)
                       : enclosing != nullptr      ? &enclosing->named()
                                                   : nullptr);
}

void type_info::enter(const ast::selection_set&) {
    const auto* enclosing = output();
    parents_.push_back(enclosing != nullptr && enclosing->named().is_composite() ? &enclosing->named() : nullptr);
}

void type_info::enter(const ast::field& n) {
    const auto* definition = parent() != nullptr ? schema_.find_field(*parent(), n.name.text) : nullptr;
    fields_.push_back(definition);
    outputs_.push_back(definition != nullptr ? definition->type : nullptr);
}

void type_info::leave(const ast::field&) {
    fields_.pop_back();
    outputs_.pop_back();
}

void type_info::enter(const ast::variable_definition& n) {
    const auto* declared = schema_.resolve(*n.type);
    inputs_.push_back(declared != nullptr && declared->is_input() ? declared : nullptr);
}

void type_info::enter(const ast::directive& n) {
    directive_ = schema_.find_directive(n.name.text);
}

/// Arguments of an unknown directive are looked up in the enclosing field, as in graphql-js.
void type_info::enter(const ast::argument& n) {
    argument_ = directive_ != nullptr ? directive_->find_argument(n.name.text)
                : field() != nullptr  ? field()->find_argument(n.name.text)
                                      : nullptr;
    enter_input(argument_ != nullptr ? argument_->type : nullptr, argument_ != nullptr && argument_->default_value);
}

void type_info::leave(const ast::argument&) {
    argument_ = nullptr;
    leave_input();
}

void type_info::enter(const ast::value& n) {
    if (n.kind != ast::kind::list_value)
        return;
    const auto* expected = input() != nullptr ? &input()->nullable() : nullptr;
    enter_input(expected != nullptr && expected->kind == type_kind::list ? expected->of_type : expected, false);
}

void type_info::leave(const ast::value& n) {
    if (n.kind == ast::kind::list_value)
        leave_input();
}

void type_info::enter(const ast::object_field& n) {
    const auto* definition = input() != nullptr ? input()->named().find_input_field(n.name.text) : nullptr;
    enter_input(definition != nullptr ? definition->type : nullptr, definition != nullptr && definition->default_value);
}

void type_info::enter_input(const type* expected, bool has_default) {
    inputs_.push_back(expected);
    defaults_.push_back(has_default);
}

void type_info::leave_input() {
    inputs_.pop_back();
    defaults_.pop_back();
}

} // namespace atrium::graphql::validation
