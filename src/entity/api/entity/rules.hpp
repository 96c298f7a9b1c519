#pragma once

#include <entity/value_type.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

/// Rules for values that clients send. They are passed to a field's `create` and `change`; the reference documentation and
/// error messages are derived from them.
namespace atrium::entity {

/// The field must be present.
struct required_rule {};
inline constexpr required_rule required;

/// A text has between `min` and `max` characters (Unicode code points).
struct length {
    std::size_t min;
    std::size_t max;
    constexpr length(std::size_t min_characters, std::size_t max_characters) : min{min_characters}, max{max_characters} {}
};

/// An integer is between `min` and `max`, inclusive.
struct between {
    std::int64_t min;
    std::int64_t max;
    constexpr between(std::int64_t lowest, std::int64_t highest) : min{lowest}, max{highest} {}
};

/// A module's own rule for texts (well-formed UTF-8). If the text breaks the rule, `function` returns the message for clients
/// ("must be an email address"), otherwise an empty string. `format` is JSON Schema's name for such texts, if there is one.
struct check {
    std::string (*function)(std::string_view text);
    std::string_view format = {};
};

/// In input, the field is called `name`, which differs from its name in output: a response shows the `user` of an order, but a
/// client creates an order with a `username`.
struct named {
    std::string_view name;
};

/// The rules of one field for creating or for changing an entity, as plain data.
struct input_rules {
    std::string_view name; ///< the name in bodies: the name of the field, unless `named` changes it
    bool is_required = false;
    std::optional<entity::length> length = {};
    std::int64_t min = std::numeric_limits<std::int64_t>::min(); ///< smallest allowed integer
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::optional<entity::check> check = {};

    /// The broken rule, for an error message; empty if the text breaks none.
    [[nodiscard]] std::string error_of(std::string_view text) const;

    void add(required_rule) { is_required = true; }
    void add(entity::length rule) { length = rule; }
    void add(between rule) { min = rule.min, max = rule.max; }
    void add(entity::check rule) { check = rule; }
    void add(named rule) { name = rule.name; }
};

namespace detail {

/// Whether a rule is allowed for a field of type `T`.
template <class Rule, class T>
inline constexpr bool rule_fits =
    std::same_as<Rule, required_rule> || std::same_as<Rule, named> ||
    ((std::same_as<Rule, length> || std::same_as<Rule, check>) && std::same_as<plain<T>, std::string>) ||
    (std::same_as<Rule, between> && std::same_as<plain<T>, std::int64_t>);

} // namespace detail
} // namespace atrium::entity
