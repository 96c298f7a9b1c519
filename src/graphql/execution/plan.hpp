#pragma once

#include "bindings.hpp"
#include "member_set.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A plan defines how an operation is executed. Its selections are collected (specification, section 6.3.2 CollectFields),
/// merged by response key, and bound to resolvers. It is created for an operation and for the values of those variables that
/// the directives @skip and @include use, and never changed afterwards. Any thread may read it.
namespace atrium::graphql {

struct selection_plan;

/// An error that is certain before any row is loaded. It is reported for every occurrence of its field or object.
struct planned_error {
    std::string message;
    location where;
};

/// Where a field's argument values come from.
struct argument_plan {
    std::optional<boost::json::object> values{};   ///< the values, if they do not depend on variables
    std::optional<planned_error> error{};          ///< set if the arguments are invalid for any variables
    std::span<const ast::argument* const> nodes{}; ///< as written in the document
    std::uint32_t place = 0;                       ///< byte offset of the field
    /// If there are neither `values` nor `error`: the index of the slot in which each request stores the values that it
    /// computes.
    std::size_t slot = 0;
};

struct field_plan {
    std::string key;        ///< the key in the response
    std::string quoted_key; ///< the key as JSON, with a colon
    const type* parent = nullptr;
    const field* definition = nullptr;
    std::vector<location> locations; ///< the locations of all fields of the document that are merged into this one
    const detail::field_binding* binding = nullptr; ///< if null, `constant` is the value, or the field has no resolver
    std::string constant{};                         ///< JSON, for __typename
    argument_plan arguments{};
    std::vector<const selection_plan*> below{}; ///< for each of `binding->values`: the selection; null for a scalar or an enum
    std::optional<std::size_t> column{};        ///< index of its column in the level; if empty, its values are written directly

    /// "User.email": its schema coordinate (specification, section 3.14).
    [[nodiscard]] std::string coordinate() const { return parent->name + '.' + definition->name; }
};

/// The selected fields of the rows of one object type.
struct selection_plan {
    const type* object = nullptr;
    std::vector<field_plan> fields{};
    std::size_t columns = 0;              ///< number of fields that have a column
    detail::member_set reads{};           ///< all members of the rows, and of rows within them, that may be read
    std::optional<planned_error> error{}; ///< set if an argument of @skip or @include is invalid; then the object has no value
};

struct plan {
    std::deque<selection_plan> selections{}; ///< all selections; several fields may share one
    const selection_plan* root = nullptr;
    std::size_t argument_slots = 0;
    bool cost_depends_on_variables = false;
    std::size_t cost = 0; ///< the cost, if it does not depend on variables
};

} // namespace atrium::graphql
