#pragma once

#include "bindings.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// What planning needs of a document, found once.
class planned_document {
public:
    planned_document(const document& d, const schema& s, const detail::bindings& b);

    [[nodiscard]] const ast::fragment_definition* fragment(std::string_view name) const;

    /// The operation of that name, or the only one; null where there is none such.
    [[nodiscard]] const ast::operation* operation(std::optional<std::string_view> name) const;
    [[nodiscard]] std::size_t operations() const noexcept { return operations_.size(); }

    /// For each variable that @skip and @include look at: 't', 'f', 'n' for null, '-' where it is absent. Requests with equal
    /// texts have the same plan.
    [[nodiscard]] std::string conditions(const boost::json::object& variables) const;

    [[nodiscard]] plan make_plan(const ast::operation& o, const boost::json::object& variables) const;

private:
    const document& document_;
    const schema& schema_;
    const detail::bindings& bindings_;
    std::vector<const ast::operation*> operations_;
    std::map<std::string_view, const ast::fragment_definition*> fragments_;
    std::vector<std::string_view> deciding_variables_; // sorted
};

} // namespace atrium::graphql
