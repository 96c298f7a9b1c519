#include "types/type_rules.hpp"

#include "language/nodes.hpp"
#include "types/compare.hpp"
#include "types/standard_names.hpp"

#include <graphql/printer.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace atrium::graphql {
namespace {

/// The places of these nodes. A node may be null: the specification's own definitions have no nodes, and thus no places.
std::vector<std::uint32_t> places(std::initializer_list<const ast::node*> nodes) {
    std::vector<std::uint32_t> all;
    for (const auto* n : nodes) {
        if (n)
            all.push_back(n->begin);
    }
    return all;
}

/// The places of the definition of a type and of all its extensions.
std::vector<std::uint32_t> places(const type& t) {
    std::vector<std::uint32_t> all;
    all.reserve(t.definitions.size());
    for (const auto* d : t.definitions)
        all.push_back(d->begin);
    return all;
}

std::vector<std::uint32_t> operator+(std::vector<std::uint32_t> a, const std::vector<std::uint32_t>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// The places at which the interface or member `name` is listed in the definitions of a type.
std::vector<std::uint32_t> mentions(const type& t, std::span<const ast::type_reference* const> ast::type_definition::* list,
                                    std::string_view name) {
    std::vector<std::uint32_t> all;
    for (const auto* d : t.definitions) {
        for (const auto* reference : d->*list) {
            if (reference->name.text == name)
                all.push_back(reference->begin);
        }
    }
    return all;
}

/// The places at which the interface is listed in the definitions of a type.
std::vector<std::uint32_t> mentions_of_interface(const type& t, const type& interface) {
    return mentions(t, &ast::type_definition::interfaces, interface.name);
}

/// The node of the type in a definition; null if the definition does not come from SDL.
template <class Defined>
const ast::node* type_node(const Defined& d) {
    return d.definition ? d.definition->type : nullptr;
}

const ast::node* deprecation_node(const input_value& v) {
    return v.definition ? find_directive(v.definition->directives, "deprecated") : nullptr;
}

bool is_introspection_type(const type& t) {
    return t.name.starts_with("__") && is_standard_type_name(t.name);
}

class type_checks {
public:
    type_checks(const schema& s, const document& d, error_log& log) : schema_{s}, document_{d}, log_{log} {}

    void check() {
        check_roots();
        for (const auto* d : schema_.directives())
            check_directive(*d);
        for (const auto* t : schema_.types())
            check_type(*t);
    }

private:
    // --- the schema -------------------------------------------------------------------------------------------------------

    void check_roots() {
        struct root {
            ast::operation_type operation;
            std::string_view name;
            std::string_view condition;
        };
        constexpr std::array roots{root{ast::operation_type::query, "Query", ""},
                                   root{ast::operation_type::mutation, "Mutation", " if provided"},
                                   root{ast::operation_type::subscription, "Subscription", " if provided"}};
        for (const auto& [operation, name, condition] : roots) {
            const auto* t = schema_.root(operation);
            if (!t && operation == ast::operation_type::query)
                report("Query root type must be provided.", places({schema_definition()}));
            if (t && t->kind != type_kind::object)
                report(std::string{name} + " root type must be Object type" + std::string{condition} + ", it cannot be " +
                           to_string(*t) + ".",
                       places({root_node(operation, *t)}));
        }
        check_roots_differ();
    }

    void check_roots_differ() {
        using enum ast::operation_type;
        std::vector<const type*> reported;
        for (const auto operation : {query, mutation, subscription}) {
            const auto* t = schema_.root(operation);
            if (!t || t->kind != type_kind::object || std::find(reported.begin(), reported.end(), t) != reported.end())
                continue;
            reported.push_back(t);
            std::vector<std::string> uses;
            std::vector<std::uint32_t> where;
            for (const auto other : {query, mutation, subscription})
                if (schema_.root(other) == t) {
                    uses.emplace_back(name_of(other));
                    where = where + places({root_node(other, *t)});
                }
            if (uses.size() > 1)
                report("All root types must be different, \"" + t->name + "\" type is used as " +
                           (uses.size() == 2 ? uses[0] + " and " + uses[1] : uses[0] + ", " + uses[1] + ", and " + uses[2]) +
                           " root types.",
                       where);
        }
    }

    const ast::schema_definition* schema_definition() const {
        for (const auto* s : schema_definitions()) {
            if (!s->extends)
                return s;
        }
        return nullptr;
    }

    std::vector<const ast::schema_definition*> schema_definitions() const {
        std::vector<const ast::schema_definition*> all;
        for (const auto* n : document_.definitions()) {
            if (n->kind == ast::kind::schema_definition)
                all.push_back(static_cast<const ast::schema_definition*>(n));
        }
        std::stable_partition(all.begin(), all.end(), [](const auto* s) { return !s->extends; });
        return all;
    }

    const ast::node* root_node(ast::operation_type operation, const type& t) const {
        for (const auto* s : schema_definitions()) {
            for (const auto* operation_type : s->operation_types) {
                if (operation_type->operation == operation)
                    return operation_type->type;
            }
        }
        return t.definitions.empty() ? nullptr : t.definitions.front();
    }

    void check_directive(const directive& d) {
        check_name(d.name, d.definition);
        for (const auto& argument : d.arguments) {
            const auto subject = "@" + d.name + "(" + argument.name + ":)";
            check_name(argument.name, argument.definition);
            if (!argument.type->is_input())
                report("The type of " + subject + " must be Input Type but got: " + to_string(*argument.type) + ".",
                       places({argument.definition}));
            check_deprecation(argument, "argument " + subject);
            check_default(argument, subject);
        }
    }

    // --- types ------------------------------------------------------------------------------------------------------------

    void check_type(const type& t) {
        if (!is_introspection_type(t))
            check_name(t.name, t.definitions.empty() ? nullptr : t.definitions.front());
        switch (t.kind) {
        case type_kind::object:
        case type_kind::interface:
            check_fields(t);
            check_interfaces(t);
            break;
        case type_kind::union_type: check_members(t); break;
        case type_kind::enumeration:
            for (const auto& v : t.enum_values)
                check_name(v.name, v.definition);
            if (t.enum_values.empty())
                report("Enum type " + t.name + " must define one or more values.", places(t));
            break;
        case type_kind::input_object:
            check_input_fields(t);
            check_input_cycles(t);
            break;
        default: break;
        }
    }

    void check_fields(const type& t) {
        if (t.fields.empty())
            report("Type " + t.name + " must define one or more fields.", places(t));
        for (const auto& f : t.fields) {
            const auto subject = t.name + "." + f.name;
            check_name(f.name, f.definition);
            if (!f.type->is_output())
                report("The type of " + subject + " must be Output Type but got: " + to_string(*f.type) + ".",
                       places({type_node(f)}));
            for (const auto& argument : f.arguments) {
                check_name(argument.name, argument.definition);
                check_input_type(argument, subject + "(" + argument.name + ":)");
                check_deprecation(argument, "argument " + subject + "(" + argument.name + ":)");
            }
        }
    }

    void check_input_fields(const type& t) {
        if (t.input_fields.empty())
            report("Input Object type " + t.name + " must define one or more fields.", places(t));
        for (const auto& f : t.input_fields) {
            const auto subject = t.name + "." + f.name;
            check_name(f.name, f.definition);
            check_input_type(f, subject);
            check_deprecation(f, "input field " + subject);
            if (!t.is_one_of)
                continue;
            if (f.type->kind == type_kind::non_null)
                report("OneOf input field " + subject + " must be nullable.", places({type_node(f)}));
            if (f.default_value)
                report("OneOf input field " + subject + " cannot have a default value.", places({f.definition}));
        }
    }

    void check_members(const type& t) {
        const auto mentions_of = [&](const type& member) { return mentions(t, &ast::type_definition::members, member.name); };
        if (t.possible_types.empty())
            report("Union type " + t.name + " must define one or more member types.", places(t));
        std::set<std::string_view> seen;
        for (const auto* member : t.possible_types) {
            if (!seen.insert(member->name).second)
                report("Union type " + t.name + " can only include type " + member->name + " once.", mentions_of(*member));
            else if (member->kind != type_kind::object)
                report("Union type " + t.name + " can only include Object types, it cannot include " + member->name + ".",
                       mentions_of(*member));
        }
    }

    // --- interfaces -------------------------------------------------------------------------------------------------------

    void check_interfaces(const type& t) {
        std::set<std::string_view> seen;
        for (const auto* interface : t.interfaces) {
            if (interface->kind != type_kind::interface)
                report("Type " + t.name + " must only implement Interface types, it cannot implement " + interface->name + ".",
                       mentions_of_interface(t, *interface));
            else if (interface == &t)
                report("Type " + t.name + " cannot implement itself because it would create a circular reference.",
                       mentions_of_interface(t, *interface));
            else if (!seen.insert(interface->name).second)
                report("Type " + t.name + " can only implement " + interface->name + " once.",
                       mentions_of_interface(t, *interface));
            else
                check_implementation(t, *interface);
        }
    }

    void check_implementation(const type& t, const type& interface) {
        for (const auto* inherited : interface.interfaces) {
            if (std::find(t.interfaces.begin(), t.interfaces.end(), inherited) != t.interfaces.end())
                continue;
            const auto where = mentions_of_interface(interface, *inherited) + mentions_of_interface(t, interface);
            if (inherited == &t)
                report("Type " + t.name + " cannot implement " + interface.name +
                           " because it would create a circular reference.",
                       where);
            else
                report("Type " + t.name + " must implement " + inherited->name + " because it is implemented by " +
                           interface.name + ".",
                       where);
        }
        for (const auto& promised : interface.fields)
            check_promised_field(t, interface, promised);
    }

    /// @param promised the field of the interface, which `t` must have as well
    void check_promised_field(const type& t, const type& interface, const graphql::field& promised) {
        const auto interface_field = interface.name + "." + promised.name;
        const auto own_field = t.name + "." + promised.name;
        const auto* field = t.find_field(promised.name);
        if (!field)
            return report("Interface field " + interface_field + " expected but " + t.name + " does not provide it.",
                          places({promised.definition}) + places(t));
        if (!is_subtype_of(schema_, *field->type, *promised.type))
            report("Interface field " + interface_field + " expects type " + to_string(*promised.type) + " but " + own_field +
                       " is type " + to_string(*field->type) + ".",
                   places({type_node(promised), type_node(*field)}));
        if (field->deprecation_reason && !promised.deprecation_reason)
            report("Interface field " + interface_field + " is not deprecated, so implementation field " + own_field +
                       " must not be deprecated.",
                   places({find_directive(field->definition->directives, "deprecated")}));
        for (const auto& argument : promised.arguments)
            check_promised_argument(interface_field, own_field, *field, argument);
        for (const auto& argument : field->arguments) {
            if (!promised.find_argument(argument.name) && argument.is_required())
                report("Object field " + own_field + " includes required argument " + argument.name +
                           " that is missing from the Interface field " + interface_field + ".",
                       places({argument.definition, promised.definition}));
        }
    }

    void check_promised_argument(const std::string& interface_field, const std::string& own_field, const graphql::field& field,
                                 const input_value& promised) {
        const auto argument_name = "(" + promised.name + ":)";
        const auto* argument = field.find_argument(promised.name);
        if (!argument)
            report("Interface field argument " + interface_field + argument_name + " expected but " + own_field +
                       " does not provide it.",
                   places({promised.definition, field.definition}));
        else if (argument->type != promised.type)
            report("Interface field argument " + interface_field + argument_name + " expects type " +
                       to_string(*promised.type) + " but " + own_field + argument_name + " is type " +
                       to_string(*argument->type) + ".",
                   places({type_node(promised), type_node(*argument)}));
    }

    // --- names, arguments and input fields -------------------------------------------------------------------------------

    void check_name(const std::string& name, const ast::node* definition) {
        if (name.starts_with("__"))
            report("Name \"" + name + "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                   places({definition}));
    }

    void check_input_type(const input_value& v, const std::string& subject) {
        if (!v.type->is_input())
            report("The type of " + subject + " must be Input Type but got: " + to_string(*v.type) + ".",
                   places({type_node(v)}));
        check_default(v, subject);
    }

    /// Reports an invalid default, which graphql-js 16 ignores.
    void check_default(const input_value& v, const std::string& subject) {
        const auto* literal = v.definition ? v.definition->default_value : nullptr;
        if (literal && v.type->is_input() && (!v.default_value || !has_known_fields(*literal, *v.type)))
            report(subject + " has invalid default value: " + print(*literal) + " does not fit type \"" + to_string(*v.type) +
                       "\".",
                   places({literal}));
    }

    /// Whether the fields of all input objects in a value are defined by their types.
    static bool has_known_fields(const ast::value& literal, const type& t) {
        const auto& nullable = t.nullable();
        if (nullable.kind == type_kind::list) {
            const auto fits = [&](const ast::value* item) { return has_known_fields(*item, *nullable.of_type); };
            return literal.kind == ast::kind::list_value ? std::all_of(literal.items.begin(), literal.items.end(), fits)
                                                         : has_known_fields(literal, *nullable.of_type);
        }
        if (nullable.kind != type_kind::input_object)
            return true;
        return std::all_of(literal.fields.begin(), literal.fields.end(), [&](const ast::object_field* f) {
            const auto* field = nullable.find_input_field(f->name.text);
            return field && has_known_fields(*f->value, *field->type);
        });
    }

    void check_deprecation(const input_value& v, const std::string& subject) {
        if (v.is_required() && v.deprecation_reason)
            report("Required " + subject + " cannot be deprecated.", places({deprecation_node(v), type_node(v)}));
    }

    /// Finds every cycle of input objects through required fields. A value of a type in such a cycle would be infinite.
    void check_input_cycles(const type& t) {
        if (!checked_types_.insert(&t).second)
            return;
        position_in_path_.emplace(&t, path_.size());
        for (const auto& f : t.input_fields) {
            const auto& required_type = f.type->nullable();
            if (f.type->kind != type_kind::non_null || required_type.kind != type_kind::input_object)
                continue;
            path_.push_back(&f);
            const auto start = position_in_path_.find(&required_type);
            if (start == position_in_path_.end())
                check_input_cycles(required_type);
            else
                report_cycle(required_type, std::span{path_}.subspan(start->second));
            path_.pop_back();
        }
        position_in_path_.erase(&t);
    }

    void report_cycle(const type& t, std::span<const input_value* const> fields) {
        std::string names;
        std::vector<std::uint32_t> where;
        for (const auto* f : fields) {
            names.append(names.empty() ? "" : ".").append(f->name);
            where.push_back(f->definition->begin);
        }
        report("Cannot reference Input Object \"" + t.name + "\" within itself through a series of non-null fields: \"" +
                   names + "\".",
               where);
    }

    void report(std::string message, const std::vector<std::uint32_t>& where) { log_.add(std::move(message), where); }

    const schema& schema_;
    const document& document_;
    error_log& log_;
    std::unordered_set<const type*> checked_types_{};
    std::vector<const input_value*> path_{};
    std::unordered_map<const type*, std::size_t> position_in_path_{};
};

} // namespace

void check_types(const schema& s, const document& definitions, error_log& log) {
    type_checks{s, definitions, log}.check();
}

} // namespace atrium::graphql
