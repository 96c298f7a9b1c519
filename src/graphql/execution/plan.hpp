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

/// What is to be done to answer an operation: its selections collected (specification, section 6.3.2 CollectFields), merged by
/// response keys, and tied to resolvers. Made once for a document and the values of the variables that decide on @skip and
/// @include; never changed afterwards; read by any thread.
namespace atrium::graphql {

struct selection_plan;

/// An error that is certain before any row is there: it is raised wherever its field, or its object, would be answered.
struct planned_error {
    std::string message;
    location where;
};

/// How a field's arguments are had.
struct argument_plan {
    std::optional<boost::json::object> values{};   ///< where no variable has a say
    std::optional<planned_error> error{};          ///< instead
    std::span<const ast::argument* const> given{}; ///< as they stand in the document
    std::uint32_t place = 0;                       ///< of their field
    std::size_t slot = 0;                          ///< of the values that a request makes of them
};

struct field_plan {
    std::string key;        ///< in the response
    std::string quoted_key; ///< as JSON, with its colon
    const type* parent = nullptr;
    const field* definition = nullptr;
    std::vector<location> locations;                ///< of all fields that are merged in it
    const detail::field_binding* binding = nullptr; ///< null: `constant` is the value, or nobody has one
    std::string constant{};                         ///< JSON: of __typename
    argument_plan arguments{};
    std::vector<const selection_plan*> below{}; ///< what is selected of rows, by the binding's values
    std::optional<std::size_t> column{};        ///< where its level keeps its values; none: they are written as they are seen

    /// "User.email": its schema coordinate (specification, section 3.14).
    [[nodiscard]] std::string coordinate() const { return parent->name + '.' + definition->name; }
};

/// What is selected of the rows of one object type.
struct selection_plan {
    const type* object = nullptr;
    std::vector<field_plan> fields{};
    std::size_t columns = 0;    ///< how many of the fields have one
    detail::member_set reads{}; ///< of the rows and of rows within them: all that may be looked at
    std::optional<planned_error> error{};
};

struct plan {
    std::deque<selection_plan> selections{}; ///< all of them; some are below several fields
    const selection_plan* root = nullptr;
    std::size_t argument_slots = 0;
    bool cost_depends_on_variables = false;
    std::size_t cost = 0; ///< where it does not
};

} // namespace atrium::graphql
