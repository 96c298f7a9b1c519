#pragma once

#include <base/offset_of.hpp>
#include <entity/rules.hpp>
#include <entity/value_type.hpp>
#include <graphql/value_type.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace atrium::entity {

/// The special meaning of a field, if it has one.
enum class role {
    plain,
    identifier, ///< the row's id, assigned by the database
    revision,   ///< counts the changes of the row
    created_at, ///< when the row was inserted
    updated_at, ///< when the row was last changed
};

/// How a list can be filtered by a field.
enum class filter_kind {
    none,
    equal,  ///< rows with this value; texts are compared by the collation of their column
    prefix, ///< rows whose text begins with this prefix, ignoring ASCII case; the list is then ordered by the field
};
inline constexpr filter_kind equal = filter_kind::equal;
inline constexpr filter_kind prefix = filter_kind::prefix;

/// How to filter by a field of a joined table with `equal`: `query` returns values of `column`, and an index of the entity's
/// own table then finds the rows with these values.
struct lookup {
    std::string_view column; ///< "o.user_id"
    std::string_view query;  ///< "SELECT id FROM orders_user WHERE username = ?1"
};

/// A few topics of events, stored inside the object. It is trivially destructible, because a description is compiled in every
/// file that uses its entity, and compiling it takes half the time if the fields need no destructor.
class topic_list {
public:
    static constexpr std::size_t capacity = 4;

    /// Topics beyond the capacity are only counted, not stored. `description::require_valid` then reports an error for the
    /// field.
    void add(std::string_view topic) noexcept {
        if (count_ < capacity)
            topics_[count_] = topic;
        ++count_;
    }

    [[nodiscard]] auto begin() const noexcept { return topics_.begin(); }
    [[nodiscard]] auto end() const noexcept { return topics_.begin() + std::min(count_, capacity); }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] bool is_over_capacity() const noexcept { return count_ > capacity; }

private:
    std::array<std::string_view, capacity> topics_ = {};
    std::size_t count_ = 0;
};

/// One field of a description as plain data; REST, GraphQL, SQL and events are derived from it. Texts live as long as the
/// program.
struct field_info {
    std::string_view name;        ///< in JSON, forms and query strings: "product_name"
    std::string_view column;      ///< in SQL, with the alias of its table: "o.product_name"
    std::string_view description; ///< for the reference documentation
    const value_type* type;
    std::size_t offset; ///< offset of the member in its entity

    entity::role role = role::plain;
    bool is_shown = true;             ///< in REST; for GraphQL, see `is_in_graphql`
    bool is_in_etag = false;          ///< the ETag changes when the value of the field changes
    bool is_sortable = false;         ///< lists can be sorted by it: its column has an index
    bool is_unique = false;           ///< no two rows have the same value: its column has a unique index
    bool ignores_case = false;        ///< texts that differ only in ASCII case are equal
    std::string_view event_name = {}; ///< the name of the field in the data of events; empty if no event contains it
    topic_list topics_without = {};   ///< the topics whose events do not contain the field
    std::optional<input_rules> create = {};
    std::optional<input_rules> change = {};
    filter_kind filter = filter_kind::none;
    std::optional<entity::lookup> lookup = {};
    std::string_view graphql_filter = {};      ///< the argument of GraphQL's lists, if its name differs from the field's
    std::string_view graphql_signature = {};   ///< "user: User", if it differs from the name and type of the field
    std::string_view graphql_description = {}; ///< if it differs from `description`
    bool is_in_graphql = true;
    const graphql::value_type* graphql_type = nullptr; ///< how GraphQL accesses the member

    [[nodiscard]] const void* value_in(const void* entity) const noexcept {
        return static_cast<const std::byte*>(entity) + offset;
    }
    [[nodiscard]] void* value_in(void* entity) const noexcept { return static_cast<std::byte*>(entity) + offset; }
};

/// Declares a field: its name, its member and its column, then its properties.
///
///     field{"quantity", &order::quantity, "o.quantity", "How many."}.in_events().create(between(1, 1'000'000))
template <class Entity, class T>
class field {
    static_assert(field_value<T>, "a field is std::int64_t, bool, std::string, timestamp, id<...>, an enumeration with "
                                  "describe_enumeration, or std::optional of one of these");

public:
    field(std::string_view name, T Entity::* member, std::string_view column, std::string_view description = {})
        : info_{name, column, description, &value_type_of<T>(), offset_of(member)} {
        info_.graphql_type = &graphql::value_type_of<T>();
    }

    field&& as(entity::role role) && {
        info_.role = role;
        info_.is_in_etag = info_.is_in_etag || role == role::revision;
        return std::move(*this);
    }

    /// Includes the field in the data of events, under its own name or another one ("order_id" for `id`).
    field&& in_events(std::string_view name = {}) && {
        info_.event_name = name.empty() ? info_.name : name;
        return std::move(*this);
    }

    /// Leaves the field out of the events under this topic. A field can have at most `topic_list::capacity` such topics.
    field&& not_in_event(std::string_view topic) && {
        info_.topics_without.add(topic);
        return std::move(*this);
    }

    /// Texts that differ only in ASCII case are equal. The column must have the collation NOCASE.
    field&& ignore_case() && {
        static_assert(std::same_as<detail::plain<T>, std::string>, "only texts have upper and lower case");
        info_.ignores_case = true;
        return std::move(*this);
    }

    /// Clients may set the field when they create the entity. Rules: required, length, between, check, named.
    template <class... Rules>
    field&& create(Rules... rules) && {
        info_.create = rules_of(rules...);
        return std::move(*this);
    }

    /// Clients may change the field. Rules: length, between, check, named.
    template <class... Rules>
    field&& change(Rules... rules) && {
        static_assert(!(std::same_as<Rules, required_rule> || ...), "the fields of a change are optional: leave out required");
        info_.change = rules_of(rules...);
        return std::move(*this);
    }

    field&& filter(filter_kind kind) && {
        info_.filter = kind;
        return std::move(*this);
    }
    field&& filter(filter_kind kind, entity::lookup lookup) && {
        info_.lookup = lookup;
        return std::move(*this).filter(kind);
    }

    /// Sets the name of the filter in GraphQL's lists: the filter `user` of REST is `username` in GraphQL.
    field&& filter_in_graphql(std::string_view name) && {
        info_.graphql_filter = name;
        return std::move(*this);
    }

    /// Lists can be sorted by the field, in both directions. Its column must have an index. The field must not be optional.
    field&& sort() && {
        static_assert(!detail::is_optional<T>,
                      "lists can be sorted only by fields that always have a value: leave out sort() or std::optional");
        info_.is_sortable = true;
        return std::move(*this);
    }

    /// No two rows have the same value. Its column must have a unique index.
    field&& unique() && {
        info_.is_unique = true;
        return std::move(*this);
    }

    /// Hides the field from clients.
    field&& hidden() && {
        info_.is_shown = false;
        info_.is_in_graphql = false;
        return std::move(*this);
    }

    /// Includes the field in the ETag: for a field that can change while the revision stays the same.
    field&& in_etag() && {
        static_assert(std::same_as<T, std::int64_t>, "an ETag is made of counters: std::int64_t");
        info_.is_in_etag = true;
        return std::move(*this);
    }

    /// Sets another name and type for GraphQL: `graphql("user: User", "The user that placed it.")`. The member must contain a
    /// value of that type, or the entity key of such a value.
    field&& graphql(std::string_view signature, std::string_view description = {}) && {
        info_.graphql_signature = signature;
        info_.graphql_description = description;
        info_.is_in_graphql = true;
        return std::move(*this);
    }
    field&& not_in_graphql() && {
        info_.is_in_graphql = false;
        return std::move(*this);
    }
    field&& not_in_rest() && {
        info_.is_shown = false;
        return std::move(*this);
    }

    [[nodiscard]] const field_info& info() const noexcept { return info_; }

private:
    template <class... Rules>
    input_rules rules_of(Rules... rules) const {
        static_assert((detail::rule_fits<Rules, T> && ...),
                      "a rule does not fit the type of its field: length and check are for texts, between is for integers");
        input_rules all{.name = info_.name};
        (all.add(rules), ...);
        return all;
    }

    field_info info_;
};

static_assert(std::is_trivially_destructible_v<field_info>); // see topic_list

} // namespace atrium::entity
