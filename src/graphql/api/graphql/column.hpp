#pragma once

#include <base/error.hpp>
#include <graphql/value_type.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::graphql {

namespace detail {

/// The content of a column at one index.
struct cell {
    enum class kind : std::uint8_t { null, error, value, list_of_values, list_of_cells, engine_error };
    kind content = kind::null;
    std::uint8_t set = 0; ///< index of the set of values (`flat_column::sets`); 0 in an erased_column
    std::uint32_t index =
        0; ///< the index of the error, of the value, or of the list's first item; or the `engine_error` itself, as a number
    std::uint32_t size = 0; ///< number of items of a list
};

/// A column with its type erased. Each cell is null, an error or a value. A list is stored as one value, so `list_of_values`
/// and `list_of_cells` do not occur.
struct erased_column {
    std::vector<cell> cells;
    std::vector<error> errors;
    std::unique_ptr<value_set> values;
    const value_type* type; ///< the type of the values
};

/// Whether one of the types refers to text that it does not own.
template <class... T>
constexpr bool refer_to_text(type_list<T...>) {
    return ((std::same_as<T, std::string_view> || std::same_as<T, const char*>) || ...);
}

} // namespace detail

/// The values of a field for all parents of its level: one cell for each parent, in their order. A cell is a `T`, or null, or
/// an error.
///
/// `T` is the C++ type of a scalar or an enum, a row, the key of a row (see `object_builder::key`), or a `reference`. For an
/// interface or a union, `T` can be a `std::variant` of rows and keys. For a list, `T` is a `std::vector` of any of these
/// types, and its items may be `std::optional` or `result`. The column owns its values.
///
///     column<std::vector<order>> orders;
///     for (const auto& user : users)
///         orders.add(orders_of(user));
template <class T>
class column {
public:
    /// A column with one cell for each item of `cells`.
    template <class Cells>
        requires detail::list_like<Cells>
    static column of(Cells cells) {
        column filled;
        filled.reserve(cells.size());
        filled.values_.reserve(cells.size());
        for (auto& cell : cells)
            filled.add(std::move(cell));
        return filled;
    }

    /// A column of `cells` cells that all have the same error: for a failure that affects all parents.
    static column failed(std::size_t cells, error failure) {
        column errors;
        errors.errors_.push_back(std::move(failure));
        errors.cells_.assign(cells, {detail::cell::kind::error});
        return errors;
    }

    void reserve(std::size_t cells) { cells_.reserve(cells); }
    [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }

    void add(T&& value) { add(keep(std::move(value))); }
    void add(const T& value) { add(T{value}); }
    void add(std::optional<T>&& value) { value ? add(*std::move(value)) : add_null(); }
    void add(result<T>&& value) { value ? add(*std::move(value)) : add(std::move(value).error()); }
    void add(error failure) {
        cells_.push_back({detail::cell::kind::error, 0, static_cast<std::uint32_t>(errors_.size())});
        errors_.push_back(std::move(failure));
    }
    void add_null() { cells_.emplace_back(); }

    /// The index of a value that several cells may share: 100 orders of 3 users need only 3 user rows.
    class shared {
        friend class column;
        explicit shared(std::size_t i) : index{static_cast<std::uint32_t>(i)} {}
        std::uint32_t index;
    };
    /// Stores a value, which cells can then share by its index.
    [[nodiscard]] shared keep(T&& value) {
        values_.emplace_back(std::move(value));
        return shared{values_.size() - 1};
    }
    void add(shared value) { cells_.push_back({detail::cell::kind::value, 0, value.index}); }

    /// For the engine: returns the column with its type erased.
    [[nodiscard]] detail::erased_column erase() && {
        static_assert(!detail::refer_to_text(detail::contents<T>{}), "a column owns its values: use std::string");
        return {std::move(cells_), std::move(errors_), std::make_unique<detail::typed_values<T>>(std::move(values_)),
                &value_type_of<T>()};
    }

private:
    std::vector<detail::cell> cells_;
    std::vector<error> errors_;
    std::vector<detail::stored<T>> values_;
};

} // namespace atrium::graphql
