#include "variables.hpp"

#include "language/abbreviated.hpp"
#include "types/suggestions.hpp"
#include "types/values.hpp"

#include <graphql/printer.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace atrium::graphql {
namespace {

namespace json = boost::json;

constexpr std::size_t max_errors = 50;

/// Coerces the JSON value of one variable and collects the errors. The result for an invalid value is meaningless.
class coercion {
public:
    coercion(const document& d, bool suggests_names, located_errors& errors)
        : document_{d}, suggests_names_{suggests_names}, errors_{errors} {}

    [[nodiscard]] bool is_full() const noexcept { return is_full_; }

    void fail(std::string message, const ast::node& where) {
        if (errors_.size() >= max_errors) {
            if (!is_full_)
                errors_.push_back({"Too many errors processing variables, error limit reached. Execution aborted."});
            is_full_ = true;
            return;
        }
        errors_.push_back({std::move(message), {document_.locate(where.begin)}});
    }

    json::value coerce(const ast::variable_definition& variable, const json::value& value, const type& t) {
        variable_ = &variable;
        return coerce(value, t);
    }

private:
    using path_step = std::variant<std::string_view, std::size_t>;

    json::value coerce(const json::value& value, const type& t) {
        if (is_full_)
            return nullptr;
        if (t.kind == type_kind::non_null) {
            if (!value.is_null())
                return coerce(value, *t.of_type);
            fail_here(value, "Expected non-nullable type \"" + to_string(t) + "\" not to be null.");
            return nullptr;
        }
        if (value.is_null())
            return nullptr;
        switch (t.kind) {
        case type_kind::list: return coerce_list(value, *t.of_type);
        case type_kind::input_object: return coerce_object(value, t);
        case type_kind::enumeration: return coerce_enum(value, t);
        default: return coerce_scalar(value, t);
        }
    }

    json::value coerce_list(const json::value& value, const type& item_type) {
        json::array items;
        if (const auto* list = value.if_array())
            for (std::size_t i = 0; i < list->size(); ++i)
                items.push_back(coerce_below(i, (*list)[i], item_type));
        else
            items.push_back(coerce(value, item_type)); // lists accept a single value as a list of one
        return items;
    }

    json::value coerce_object(const json::value& value, const type& t) {
        const auto* object = value.if_object();
        if (!object) {
            fail_here(value, "Expected type \"" + t.name + "\" to be an object.");
            return nullptr;
        }
        json::object result;
        for (const auto& field : t.input_fields) {
            if (const auto* field_value = object->if_contains(field.name))
                result[field.name] = coerce_below(std::string_view{field.name}, *field_value, *field.type);
            else if (field.default_value)
                result[field.name] = *field.default_value;
            else if (field.type->kind == type_kind::non_null)
                fail_here(value,
                          "Field \"" + field.name + "\" of required type \"" + to_string(*field.type) + "\" was not provided.");
        }
        expect_known_fields(value, *object, t);
        if (t.is_one_of)
            expect_one_key(value, *object, result, t);
        return result;
    }

    /// See error_log::suggestion.
    template <class... Arguments>
    [[nodiscard]] std::string suggestion(const Arguments&... arguments) const {
        return suggests_names_ ? did_you_mean(arguments...) : std::string{};
    }

    void expect_known_fields(const json::value& value, const json::object& object, const type& t) {
        for (const auto& [key, field_value] : object) {
            const std::string_view name = key;
            if (is_full_)
                return;
            if (t.find_input_field(name))
                continue;
            fail_here(value, "Field \"" + abbreviated(name) + "\" is not defined by type \"" + t.name + "\"." +
                                 suggestion(name, names_of(t.input_fields)));
        }
    }

    /// Reports an object of a type with @oneOf that does not have exactly one key, or whose only value is null. Looks for null
    /// in the object that the client sent, not in the coerced one, because there null can also stand for an invalid value,
    /// whose error has been reported.
    void expect_one_key(const json::value& value, const json::object& object, const json::object& coerced, const type& t) {
        if (coerced.size() != 1)
            fail_here(value, "Exactly one key must be specified for OneOf type \"" + t.name + "\".");
        if (coerced.empty() || !object.at(coerced.begin()->key()).is_null())
            return;
        const std::string_view key = coerced.begin()->key();
        path_.emplace_back(key);
        fail_here(nullptr, "Field \"" + std::string{key} + "\" must be non-null.");
        path_.pop_back();
    }

    json::value coerce_enum(const json::value& value, const type& t) {
        const auto* text = value.if_string();
        if (text && t.find_enum_value(*text))
            return value;
        const auto input = text ? abbreviated(*text) : inspect(value);
        fail_here(value, (text ? "Value \"" + input + "\" does not exist in \"" + t.name + "\" enum."
                               : "Enum \"" + t.name + "\" cannot represent non-string value: " + input + '.') +
                             suggestion(input, names_of(t.enum_values), "the enum value"));
        return nullptr;
    }

    json::value coerce_scalar(const json::value& value, const type& t) {
        auto result = t.input->from_variable(value);
        if (result)
            return *std::move(result);
        fail_here(value, result.error());
        return nullptr;
    }

    json::value coerce_below(path_step step, const json::value& value, const type& t) {
        path_.push_back(step);
        auto result = coerce(value, t);
        path_.pop_back();
        return result;
    }

    void fail_here(const json::value& value, const std::string& reason) {
        const auto name = abbreviated(variable_->variable->text);
        auto message = "Variable \"$" + name + "\" got invalid value " + inspect(value);
        if (!path_.empty())
            message += " at \"" + name + path_text() + '"';
        fail(message + "; " + reason, *variable_);
    }

    std::string path_text() const {
        std::string text;
        for (const auto& step : path_) {
            if (const auto* name = std::get_if<std::string_view>(&step))
                text.append(".").append(*name);
            else
                text += '[' + std::to_string(std::get<std::size_t>(step)) + ']';
        }
        return text;
    }

    const document& document_;
    const bool suggests_names_;
    located_errors& errors_;
    bool is_full_ = false;
    const ast::variable_definition* variable_ = nullptr;
    std::vector<path_step> path_;
};

std::size_t count_values(const json::value& value) {
    std::size_t count = 1;
    if (const auto* list = value.if_array())
        for (const auto& item : *list)
            count += count_values(item);
    else if (const auto* object = value.if_object())
        for (const auto& member : *object)
            count += count_values(member.value());
    return count;
}

} // namespace

std::size_t count_values(const ast::operation& o, const json::object& variables) {
    std::size_t count = 0;
    for (const auto* variable : o.variables)
        if (const auto* value = variables.if_contains(variable->variable->text))
            count += count_values(*value);
    return count;
}

boost::system::result<json::object, located_errors> coerce_variables(const schema& s, const document& d,
                                                                     const ast::operation& o, const json::object& variables) {
    json::object values;
    located_errors errors;
    coercion coerce{d, !s.is_hidden(), errors};
    for (const auto* variable : o.variables) {
        if (coerce.is_full())
            break;
        const auto name = variable->variable->text;
        const auto quoted = "Variable \"$" + abbreviated(name) + '"';
        const auto* t = s.resolve(*variable->type);
        const auto* value = variables.if_contains(name);
        if (!t || !t->is_input())
            coerce.fail(quoted + " expected value of type \"" + abbreviated(print(*variable->type)) +
                            "\" which cannot be used as an input type.",
                        *variable->type);
        else if (!value && variable->default_value)
            values[name] = coerce_literal(*variable->default_value, *t).value_or(nullptr);
        else if (!value && t->kind == type_kind::non_null)
            coerce.fail(quoted + " of required type \"" + to_string(*t) + "\" was not provided.", *variable);
        else if (value && value->is_null() && t->kind == type_kind::non_null)
            coerce.fail(quoted + " of non-null type \"" + to_string(*t) + "\" must not be null.", *variable);
        else if (value)
            values[name] = coerce.coerce(*variable, *value, *t);
    }
    if (!errors.empty())
        return errors;
    return values;
}

} // namespace atrium::graphql
