#include "validation/rules/operations.hpp"

#include "language/nodes.hpp"
#include "validation/rules/root_fields.hpp"
#include "validation/text.hpp"

#include <algorithm>

namespace atrium::graphql::validation {
namespace {

bool is_executable(const ast::node& definition) noexcept {
    return definition.kind == ast::kind::operation || definition.kind == ast::kind::fragment_definition;
}

std::string name_of(const ast::node& definition) {
    if (definition.kind == ast::kind::schema_definition)
        return "schema";
    if (definition.kind == ast::kind::directive_definition)
        return quoted(static_cast<const ast::directive_definition&>(definition).name.text);
    return quoted(static_cast<const ast::type_definition&>(definition).name.text);
}

} // namespace

void executable_definitions::enter(const document& d) {
    for (const auto* definition : d.definitions())
        if (!is_executable(*definition))
            c_.log.add(text("The ", name_of(*definition), " definition is not executable."), *definition);
}

void known_operation_types::enter(const ast::operation& o) {
    if (c_.schema.root(o.type) == nullptr)
        c_.log.add(text("The ", graphql::name_of(o.type), " operation is not supported by the schema."), o);
}

void unique_operation_names::enter(const ast::operation& o) {
    if (!o.name)
        return;
    const auto [first, is_new] = first_names_.emplace(o.name->text, *o.name);
    if (!is_new)
        c_.log.add(text("There can be only one operation named ", quoted(o.name->text), "."),
                   {first->second.begin, o.name->begin});
}

void lone_anonymous_operation::enter(const document& d) {
    const auto definitions = d.definitions();
    operation_count_ =
        static_cast<std::size_t>(std::count_if(definitions.begin(), definitions.end(), [](const auto* definition) {
            return definition->kind == ast::kind::operation;
        }));
}

void lone_anonymous_operation::enter(const ast::operation& o) {
    if (!o.name && operation_count_ > 1)
        c_.log.add("This anonymous operation must be the only defined operation.", o);
}

void single_field_subscriptions::enter(const ast::operation& o) {
    const auto* subscription = c_.schema.root(ast::operation_type::subscription);
    if (o.type != ast::operation_type::subscription || subscription == nullptr)
        return;
    if (!is_search_charged_ && !c_.fragments.spend(c_.document.definitions().size()))
        return;
    is_search_charged_ = true;
    const auto root = collect_root_fields(c_, *subscription, *o.selection_set);
    if (!root)
        return;
    const auto subject = o.name ? text("Subscription ", quoted(o.name->text)) : "Anonymous Subscription";
    if (!root->conditions.empty())
        return c_.log.add(text(subject, " must not use `@skip` or `@include` directives in the top level selection."),
                          root->conditions);
    const auto& fields = root->fields;
    if (fields.size() > 1) {
        std::vector<std::uint32_t> extra_places;
        std::for_each(fields.begin() + 1, fields.end(), [&extra_places](const auto& fields_of_key) {
            for (const auto* field : fields_of_key)
                extra_places.push_back(field->begin);
        });
        c_.log.add(text(subject, " must select only one top level field."), extra_places);
    }
    for (const auto& fields_of_key : fields) {
        if (!fields_of_key.front()->name.text.starts_with("__"))
            continue;
        std::vector<std::uint32_t> places;
        places.reserve(fields_of_key.size());
        for (const auto* field : fields_of_key)
            places.push_back(field->begin);
        c_.log.add(text(subject, " must not select an introspection top level field."), places);
    }
}

} // namespace atrium::graphql::validation
