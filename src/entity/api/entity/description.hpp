#pragma once

#include <entity/field.hpp>
#include <entity/field_set.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::entity {

/// The table that holds the rows of an entity.
struct table {
    std::string_view name;       ///< "orders_order"
    std::string_view alias;      ///< "o": the prefix of its own columns
    std::string_view joins = {}; ///< the rest of the FROM clause: " CROSS JOIN orders_user AS u ON u.id = o.user_id"
    /// The condition for rows that clients can see: "u.deleted = 0". If it is empty, they see all rows.
    std::string_view visible = {};
    /// The multi-column indexes for the lists that clients request, the most selective first. Each index is given as the names
    /// of its fields, in the order of its columns. The fields before the identifier find and order the rows of a list (all
    /// fields, if the index does not contain the identifier). The fields after it are only compared, which needs no access to
    /// the row itself, so an index should end with the other fields of filters and orders. In addition, each field of a filter
    /// or order must be the first field of one of these indexes, or have an index of its own.
    std::vector<std::vector<std::string_view>> indexes = {};
};

/// A multi-column index as lists of columns.
struct list_index {
    std::vector<std::string_view> key;     ///< the columns before the identifier: {"o.user_id"}
    std::vector<std::string_view> columns; ///< all columns: {"o.user_id", "o.id", "o.status"}
};

/// A filter that finds rows in which at least one of several texts begins with a prefix: `search=an` finds users whose name or
/// address begins with "an".
struct search {
    std::string_view name;                ///< the name of the query parameter
    std::vector<std::string_view> fields; ///< rows that match in the first field come first, and so on
    std::string_view description = {};
};

/// The description of an entity, from which its table access, REST, GraphQL, events and reference documentation are derived.
/// Created at the start and never changed. Can be used on any thread.
class description {
public:
    /// Does not throw: `require_valid` reports fields that contradict each other.
    description(std::string_view name, std::string_view text, entity::table table, std::vector<field_info> fields,
                std::optional<entity::search> search, const void* sample);

    [[nodiscard]] std::string_view name() const noexcept { return name_; } ///< "Order"
    [[nodiscard]] std::string_view text() const noexcept { return text_; } ///< for the reference documentation
    [[nodiscard]] const entity::table& table() const noexcept { return table_; }
    /// The name of the module, with which the name of the table begins: "orders".
    [[nodiscard]] std::string module() const { return std::string{table_.name.substr(0, table_.name.find('_'))}; }
    /// The scope that clients need in order to read entities of this kind: "orders:read".
    [[nodiscard]] std::string read_scope() const { return module() + ":read"; }
    /// The scope that clients need in order to create, change or delete entities of this kind: "orders:write".
    [[nodiscard]] std::string write_scope() const { return module() + ":write"; }
    [[nodiscard]] std::span<const field_info> fields() const noexcept { return fields_; }
    [[nodiscard]] std::span<const list_index> indexes() const noexcept { return indexes_; }
    [[nodiscard]] const std::optional<entity::search>& search() const noexcept { return search_; }

    [[nodiscard]] std::optional<std::size_t> find_field(std::string_view name) const noexcept;
    /// Throws std::logic_error if no field has this name.
    [[nodiscard]] std::size_t index_of(std::string_view field) const;
    /// Empty if no field has this role.
    [[nodiscard]] std::optional<std::size_t> find_field_as(role r) const noexcept;
    [[nodiscard]] const field_info& identifier() const noexcept { return fields_[identifier_]; }
    [[nodiscard]] std::size_t identifier_index() const noexcept { return identifier_; }

    /// Throws std::logic_error if the fields contradict each other; its message describes the first contradiction. The
    /// constructor does not throw, because descriptions are created before `main`, where no function could catch the exception.
    void require_valid() const;

    /// A new entity, with the default values of its fields.
    [[nodiscard]] const void* sample() const noexcept { return sample_; }

    /// Whether the field's column belongs to the entity's own table.
    [[nodiscard]] bool is_own(const field_info& field) const noexcept { return is_own(field.column); }

    [[nodiscard]] const field_set& all() const noexcept { return all_; }
    /// The fields that REST shows or that the ETag of an entity needs.
    [[nodiscard]] const field_set& shown() const noexcept { return shown_; }

private:
    [[nodiscard]] bool is_own(std::string_view column) const noexcept;
    /// Whether the field is a text by which lists can be ordered.
    [[nodiscard]] bool is_orderable_text(const field_info& f) const noexcept;
    [[nodiscard]] std::string find_error() const;
    [[nodiscard]] std::string read_indexes();
    [[nodiscard]] std::string find_error_of_field(const field_info& f) const;

    std::string_view name_;
    std::string_view text_;
    entity::table table_;
    std::vector<field_info> fields_;
    std::vector<list_index> indexes_;
    std::optional<entity::search> search_;
    const void* sample_;
    std::string error_; ///< for `require_valid`; empty if the description is valid
    std::size_t identifier_ = 0;
    field_set all_;
    field_set shown_;
};

/// A description with the C++ type of its entity. Code without templates uses the base class.
template <class Entity>
class described : public description {
public:
    described(std::string_view name, std::string_view text, entity::table table, std::vector<field_info> fields,
              std::optional<entity::search> search)
        : description{name, text, std::move(table), std::move(fields), std::move(search), &sample()} {}

private:
    static const Entity& sample() {
        static const Entity entity{};
        return entity;
    }
};

/// Describes `Entity`.
///
///     inline const auto order_entity = entity::describe<order>("Order", "An order of a user.", table{"orders_order", "o"},
///         field{"id", &order::id, "o.id"}.as(role::identifier),
///         ...);
template <class Entity, class... T>
[[nodiscard]] described<Entity> describe(std::string_view name, std::string_view text, entity::table table,
                                         const field<Entity, T>&... fields) {
    static_assert(sizeof...(T) <= max_fields, "an entity has at most 64 fields");
    return described<Entity>{name, text, std::move(table), {fields.info()...}, std::nullopt};
}
template <class Entity, class... T>
[[nodiscard]] described<Entity> describe(std::string_view name, std::string_view text, entity::table table,
                                         entity::search search, const field<Entity, T>&... fields) {
    static_assert(sizeof...(T) <= max_fields, "an entity has at most 64 fields");
    return described<Entity>{name, text, std::move(table), {fields.info()...}, std::move(search)};
}

} // namespace atrium::entity
