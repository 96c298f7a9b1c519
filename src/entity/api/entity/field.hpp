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

/// What a field is for, beyond what a client sees of it.
enum class role {
    plain,
    identifier, ///< the row's id, given by the database
    revision,   ///< counts the changes of the row
    created_at, ///< when the row was inserted
    updated_at, ///< when the row was changed last
};

/// How a list is narrowed by a field.
enum class filter_kind {
    none,
    equal,  ///< rows with this value (texts by the collation of their column)
    prefix, ///< rows whose text begins so, without regard to ASCII case; the list is then in the order of the field
};
inline constexpr filter_kind equal = filter_kind::equal;
inline constexpr filter_kind prefix = filter_kind::prefix;

/// How `equal` is answered for a field of a joined table: `query` returns the values of `column` that the row's own table is
/// then searched for, by its index.
struct lookup {
    std::string_view column; ///< "o.user_id"
    std::string_view query;  ///< "SELECT id FROM orders_user WHERE username = ?1"
};

/// A few topics of events, in place: a description is compiled wherever its entity is used, and takes half the time if its
/// fields need no destructor.
class topic_list {
public:
    static constexpr std::size_t capacity = 4;

    /// Beyond the capacity, the topic is counted alone, and `description::require_valid` refuses the field.
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

/// One field of a description as plain data: all surfaces are derived from these. Texts live as long as the program.
struct field_info {
    std::string_view name;        ///< in JSON, forms, query strings: "product_name"
    std::string_view column;      ///< in SQL, with the alias of its table: "o.product_name"
    std::string_view description; ///< for the references
    const value_type* type;
    std::size_t offset; ///< of the member in its entity

    entity::role role = role::plain;
    bool is_shown = true;             ///< in REST and GraphQL
    bool is_in_etag = false;          ///< its changes change the ETag
    bool is_sortable = false;         ///< lists can be sorted by it: its column has an index
    bool is_unique = false;           ///< no two rows have the same value: its column has a unique index
    bool ignores_case = false;        ///< texts that differ in ASCII case alone are the same
    std::string_view event_name = {}; ///< in the data of events; empty if it is not there
    topic_list topics_without = {};   ///< whose events leave it out
    std::optional<input_rules> create = {};
    std::optional<input_rules> change = {};
    filter_kind filter = filter_kind::none;
    std::optional<entity::lookup> lookup = {};
    std::string_view graphql_filter = {};      ///< the argument of GraphQL's lists if it is not called as the field
    std::string_view graphql_signature = {};   ///< "user: User" if it is not the name and type of the field
    std::string_view graphql_description = {}; ///< if it is not `description`
    bool is_in_graphql = true;
    const graphql::value_type* graphql_type = nullptr; ///< how GraphQL looks at the member

    [[nodiscard]] const void* in(const void* entity) const noexcept { return static_cast<const std::byte*>(entity) + offset; }
    [[nodiscard]] void* in(void* entity) const noexcept { return static_cast<std::byte*>(entity) + offset; }
};

/// Declares a field: its name, its member and its column, then what may be done with it.
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

    /// The data of events has it, under its own name or another ("order_id" for `id`).
    field&& in_events(std::string_view name = {}) && {
        info_.event_name = name.empty() ? info_.name : name;
        return std::move(*this);
    }

    /// The events under this topic leave it out, unlike the others of the entity. At most `topic_list::capacity` topics.
    field&& not_in_event(std::string_view topic) && {
        info_.topics_without.add(topic);
        return std::move(*this);
    }

    /// Texts that differ in ASCII case alone are the same: the collation of the column is NOCASE.
    field&& ignore_case() && {
        static_assert(std::same_as<detail::plain<T>, std::string>, "only texts have upper and lower case");
        info_.ignores_case = true;
        return std::move(*this);
    }

    /// Clients may give it when they create the entity. Rules: required, length, between, check, named.
    template <class... Rules>
    field&& create(Rules... rules) && {
        info_.create = rules_of(rules...);
        return std::move(*this);
    }

    /// Clients may change it. Rules: length, between, check, named.
    template <class... Rules>
    field&& change(Rules... rules) && {
        static_assert(!(std::same_as<Rules, required_rule> || ...), "a change names only what changes: leave out required");
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

    /// GraphQL's lists call the filter so: `user` of REST is `username` there.
    field&& filter_in_graphql(std::string_view name) && {
        info_.graphql_filter = name;
        return std::move(*this);
    }

    /// Lists can be sorted by it, in both directions. Its column must have an index. Not for optional fields.
    field&& sort() && {
        static_assert(!detail::is_optional<T>,
                      "a list is sorted by fields that always have a value: leave out sort() or std::optional");
        info_.is_sortable = true;
        return std::move(*this);
    }

    /// No two rows have the same value, by a unique index on its column.
    field&& unique() && {
        info_.is_unique = true;
        return std::move(*this);
    }

    /// Clients do not see it.
    field&& hidden() && {
        info_.is_shown = false;
        info_.is_in_graphql = false;
        return std::move(*this);
    }

    /// The body changes with it although the revision does not, so the ETag counts it as well.
    field&& in_etag() && {
        static_assert(std::same_as<T, std::int64_t>, "an ETag is made of counters: std::int64_t");
        info_.is_in_etag = true;
        return std::move(*this);
    }

    /// Another form in GraphQL: `graphql("user: User", "Who placed it.")`. The member is then the value, or a key, of that
    /// type.
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
