#include "types/sdl_rules.hpp"

#include "language/nodes.hpp"
#include "language/walk.hpp"
#include "types/shared_rules.hpp"
#include "types/suggestions.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::graphql {
namespace {

/// Names that must be unique, each with the place of its first occurrence.
class unique_names {
public:
    /// @param complaint returns the error message for a name that occurs again
    template <class Complaint>
    void check(const ast::name& n, error_log& log, Complaint complaint) {
        const auto [first, is_new] = first_places_.emplace(n.text, n.begin);
        if (!is_new)
            log.add(complaint(std::string{n.text}), {first->second, n.begin});
    }

private:
    std::unordered_map<std::string_view, std::uint32_t> first_places_{};
};

class lone_schema_definition {
public:
    explicit lone_schema_definition(error_log& log) : log_{log} {}

    void enter(const ast::schema_definition& s) {
        if (!s.extends && ++count_ > 1)
            log_.add("Must provide only one schema definition.", s);
    }

private:
    error_log& log_;
    std::size_t count_ = 0;
};

class unique_operation_types {
public:
    explicit unique_operation_types(error_log& log) : log_{log} {}

    void enter(const ast::schema_definition& s) {
        for (const auto* t : s.operation_types) {
            const auto [first, is_new] = first_places_.emplace(t->operation, t->begin);
            if (!is_new)
                log_.add("There can be only one " + std::string{name_of(t->operation)} + " type in schema.",
                         {first->second, t->begin});
        }
    }

private:
    error_log& log_;
    std::map<ast::operation_type, std::uint32_t> first_places_{};
};

class unique_type_names {
public:
    explicit unique_type_names(error_log& log) : log_{log} {}

    void enter(const ast::type_definition& t) {
        if (!t.extends)
            names_.check(t.name, log_, [](auto name) { return "There can be only one type named \"" + name + "\"."; });
    }

private:
    error_log& log_;
    unique_names names_{};
};

class unique_enum_value_names {
public:
    explicit unique_enum_value_names(error_log& log) : log_{log} {}

    void enter(const ast::type_definition& t) {
        for (const auto* v : t.values)
            names_by_type_[t.name.text].check(v->name, log_, [&](auto name) {
                return "Enum value \"" + std::string{t.name.text} + "." + name + "\" can only be defined once.";
            });
    }

private:
    error_log& log_;
    std::unordered_map<std::string_view, unique_names> names_by_type_{};
};

class unique_field_definition_names {
public:
    explicit unique_field_definition_names(error_log& log) : log_{log} {}

    void enter(const ast::type_definition& t) {
        for (const auto* f : t.fields)
            check(t, f->name);
        for (const auto* f : t.input_fields)
            check(t, f->name);
    }

private:
    void check(const ast::type_definition& t, const ast::name& field) {
        names_by_type_[t.name.text].check(field, log_, [&](auto name) {
            return "Field \"" + std::string{t.name.text} + "." + name + "\" can only be defined once.";
        });
    }

    error_log& log_;
    std::unordered_map<std::string_view, unique_names> names_by_type_{};
};

class unique_argument_definition_names {
public:
    explicit unique_argument_definition_names(error_log& log) : log_{log} {}

    void enter(const ast::type_definition& t) {
        for (const auto* f : t.fields)
            check(std::string{t.name.text} + "." + std::string{f->name.text}, f->arguments);
    }
    void enter(const ast::directive_definition& d) { check("@" + std::string{d.name.text}, d.arguments); }

private:
    void check(const std::string& owner, std::span<const ast::input_value_definition* const> arguments) {
        for (const auto& [name, places] : places_by_name(arguments)) {
            if (places.size() > 1)
                log_.add("Argument \"" + owner + "(" + std::string{name} + ":)\" can only be defined once.", places);
        }
    }

    error_log& log_;
};

class unique_directive_names {
public:
    explicit unique_directive_names(error_log& log) : log_{log} {}

    void enter(const ast::directive_definition& d) {
        names_.check(d.name, log_, [](auto name) { return "There can be only one directive named \"@" + name + "\"."; });
    }

private:
    error_log& log_;
    unique_names names_{};
};

class possible_type_extensions {
public:
    possible_type_extensions(const document& d, error_log& log) : log_{log} {
        for (const auto* n : d.definitions()) {
            if (!is_type_definition(*n))
                continue;
            const auto& t = static_cast<const ast::type_definition&>(*n);
            if (!t.extends)
                definitions_.insert_or_assign(t.name.text, &t);
        }
    }

    void enter(const ast::type_definition& t) {
        if (!t.extends)
            return;
        const std::string name{t.name.text};
        const auto definition = definitions_.find(t.name.text);
        if (definition == definitions_.end())
            log_.add("Cannot extend type \"" + name + "\" because it is not defined." + did_you_mean(name, names()), t.name);
        else if (definition->second->kind != t.kind)
            log_.add("Cannot extend non-" + std::string{kind_name(t.kind)} + " type \"" + name + "\".",
                     {definition->second->begin, t.begin});
    }

private:
    static std::string_view kind_name(ast::kind kind) {
        switch (kind) {
        case ast::kind::object_type: return "object";
        case ast::kind::interface_type: return "interface";
        case ast::kind::union_type: return "union";
        case ast::kind::enum_type: return "enum";
        case ast::kind::input_object_type: return "input object";
        default: return "scalar";
        }
    }

    std::vector<std::string_view> names() const {
        std::vector<std::string_view> all;
        all.reserve(definitions_.size());
        for (const auto& [name, definition] : definitions_)
            all.push_back(name);
        return all;
    }

    error_log& log_;
    std::map<std::string_view, const ast::type_definition*> definitions_{};
};

} // namespace

void check_sdl(const document& d, std::span<const directive* const> standard, error_log& log) {
    const directive_catalog catalog{standard, d};
    lone_schema_definition schema_definitions{log};
    unique_operation_types operation_types{log};
    unique_type_names types{log};
    unique_enum_value_names enum_values{log};
    unique_field_definition_names fields{log};
    unique_argument_definition_names argument_definitions{log};
    unique_directive_names directives{log};
    known_type_names known_types{nullptr, d, log};
    known_directives directives_known{catalog, log};
    unique_directives_per_location directives_unique{catalog, log};
    possible_type_extensions extensions{d, log};
    known_argument_names_on_directives arguments_known{catalog, log};
    unique_argument_names arguments{log};
    unique_input_field_names input_fields{log};
    provided_required_arguments_on_directives arguments_required{catalog, log};
    walk(d, schema_definitions, operation_types, types, enum_values, fields, argument_definitions, directives, known_types,
         directives_known, directives_unique, extensions, arguments_known, arguments, input_fields, arguments_required);
}

} // namespace atrium::graphql
