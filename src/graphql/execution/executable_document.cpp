#include "executable_document.hpp"

#include "language/walk.hpp"

#include <algorithm>
#include <set>

namespace atrium::graphql {
namespace {

/// Finds the variables that decide whether selections are in the response.
struct deciding_variables {
    std::set<std::string_view> names{};

    void enter(const ast::directive& d) {
        if (d.name.text != "skip" && d.name.text != "include")
            return;
        for (const auto* argument : d.arguments)
            if (argument->value->kind == ast::kind::variable)
                names.insert(argument->value->text);
    }
};

} // namespace

executable_document::executable_document(const graphql::document& d, const graphql::schema& s, const detail::bindings& b)
    : document_{d}, schema_{s}, bindings_{b} {
    for (const auto* definition : d.definitions()) {
        if (definition->kind == ast::kind::operation)
            operations_.push_back(static_cast<const ast::operation*>(definition));
        else if (definition->kind == ast::kind::fragment_definition) {
            const auto* fragment = static_cast<const ast::fragment_definition*>(definition);
            fragments_.emplace(fragment->name.text, fragment);
        }
    }
    deciding_variables found;
    walk(d, found);
    deciding_variables_.assign(found.names.begin(), found.names.end());
}

const ast::fragment_definition* executable_document::fragment(std::string_view name) const {
    const auto found = fragments_.find(name);
    return found == fragments_.end() ? nullptr : found->second;
}

const ast::operation* executable_document::operation(std::optional<std::string_view> name) const {
    if (!name)
        return operations_.size() == 1 ? operations_.front() : nullptr;
    const auto found = std::ranges::find_if(operations_, [&](const auto* o) { return o->name && o->name->text == *name; });
    return found == operations_.end() ? nullptr : *found;
}

std::string executable_document::condition_values(const boost::json::object& variables) const {
    std::string text;
    for (const auto name : deciding_variables_) {
        const auto* value = variables.if_contains(name);
        text += !value ? '-' : !value->is_bool() ? 'n' : value->get_bool() ? 't' : 'f';
    }
    return text;
}

} // namespace atrium::graphql
