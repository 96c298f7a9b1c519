#pragma once

#include <base/error.hpp>
#include <graphql/detail/values.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace atrium::graphql {

namespace detail {

/// What a column shows in one place. Lists are ranges: of values that lie one behind the other, or else of cells.
struct cell {
    enum class kind : std::uint8_t { null, error, value, list_of_values, list_of_cells, trouble };
    kind what = kind::null;
    std::uint8_t set = 0;    ///< which of the column's C++ types
    std::uint32_t index = 0; ///< of the error, the value, or the list's first one; of trouble (the engine's own): which
    std::uint32_t size = 0;  ///< of a list
};

/// A column with its types erased.
struct any_column {
    std::vector<cell> cells; ///< one for each parent
    std::vector<cell> items; ///< where `list_of_cells` has its items
    std::vector<error> errors;
    std::vector<std::unique_ptr<any_values>> sets; ///< the values, by C++ type

    [[nodiscard]] cell item_of(const cell& list, std::uint32_t i) const {
        return list.what == cell::kind::list_of_values ? cell{cell::kind::value, list.set, list.index + i, 0}
                                                       : items[list.index + i];
    }
};

template <class Types>
struct value_store;
template <class... T>
struct value_store<type_list<T...>> {
    using type = std::tuple<std::vector<stored<T>>...>;
};

} // namespace detail

/// What a field says to all parents of its level: one cell for each, in their order. A cell is a `T`, or null, or an error.
///
/// `T` is a scalar's or enum's C++ type; a row; the key of a row (see `object_builder::key`), or a `reference`; a
/// `std::variant` of these for an interface or a union; a `std::vector` of any of these for a list, where items may be
/// `std::optional` or `result`. The column owns its values, and lists lie flat in it: a column of a thousand lists is one array
/// of values.
///
///     column<std::vector<order>> orders;
///     for (const auto& user : users)
///         orders.add(orders_of(user));
template <class T>
class column {
public:
    column() = default;

    /// A cell for each of the values.
    template <class Cells>
    requires detail::list_like<Cells>
    static column of(Cells cells) {
        column all;
        all.reserve(cells.size());
        if constexpr (types::size == 1 && !detail::list_like<T>)
            std::get<0>(all.values_).reserve(cells.size());
        for (auto& one : cells)
            all.add(std::move(one));
        return all;
    }

    /// So many cells with the same error: where all parents share one failure.
    static column failed(std::size_t cells, error why) {
        column all;
        all.errors_.push_back(std::move(why));
        all.cells_.assign(cells, {detail::cell::kind::error});
        return all;
    }

    void reserve(std::size_t cells) { cells_.reserve(cells); }
    [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }

    void add(T value) { cells_.push_back(store(std::move(value))); }
    void add(std::optional<T> value) { cells_.push_back(store(std::move(value))); }
    void add(result<T> value) { cells_.push_back(store(std::move(value))); }
    void add(error why) { cells_.push_back(store(std::move(why))); }
    void add_null() { cells_.emplace_back(); }

    /// A place in the column for a value that several cells show: 100 orders of 3 users have 3 rows of users below them.
    class shared {
        friend class column;
        explicit shared(detail::cell where) : where_{where} {}
        detail::cell where_;
    };
    [[nodiscard]] shared keep(T value) { return shared{store(std::move(value))}; }
    void add(shared value) { cells_.push_back(value.where_); }

    /// For the engine: the same without its type.
    [[nodiscard]] detail::any_column erase() && {
        detail::any_column erased{std::move(cells_), std::move(items_), std::move(errors_), {}};
        std::apply([&](auto&... set) { (erased.sets.push_back(erase_set(std::move(set))), ...); }, values_);
        return erased;
    }

private:
    using types = typename detail::bottom<T>::types;
    using cell = detail::cell;

    template <class V>
    static std::unique_ptr<detail::any_values> erase_set(std::vector<detail::stored<V>> set) {
        static_assert(!std::is_same_v<V, std::string_view> && !std::is_same_v<V, const char*>,
                      "a column owns its values: use std::string");
        return std::make_unique<detail::typed_values<V>>(std::move(set));
    }

    template <class V>
    requires(!std::is_lvalue_reference_v<V>) cell store(V&& value) {
        if constexpr (detail::is_nullable<V>)
            return value ? store_content(std::move(value)) : cell{};
        else if constexpr (detail::is_result<V>)
            return value ? store(std::move(*value)) : store(std::move(value).error());
        else if constexpr (std::is_same_v<V, error>)
            return store_error(std::move(value));
        else if constexpr (detail::list_like<V>)
            return store_list(std::move(value));
        else if constexpr (detail::is_variant<V>)
            return std::visit([this](auto&& one) { return store_value(std::move(one)); }, std::move(value));
        else
            return store_value(std::move(value));
    }

    /// What a nullable holds is moved in where nobody else has it.
    template <class V>
    cell store_content(V&& value) {
        if constexpr (detail::is_shared<V> || std::is_const_v<std::remove_reference_t<decltype(*value)>>)
            return store(detail::inner<V>{*value});
        else
            return store(std::move(*value));
    }

    cell store_error(error why) {
        errors_.push_back(std::move(why));
        return {cell::kind::error, 0, place_of_last(errors_)};
    }

    template <class V>
    cell store_value(V&& value) {
        auto& set = std::get<std::vector<detail::stored<V>>>(values_);
        set.emplace_back(std::move(value));
        return {cell::kind::value, set_of<V>(types{}), place_of_last(set)};
    }

    template <class List>
    cell store_list(List&& list) {
        using item = detail::inner<List>;
        const auto size = static_cast<std::uint32_t>(std::ranges::size(list));
        if constexpr (std::is_same_v<detail::type_list<item>, types>) { // nothing but values
            auto& set = std::get<0>(values_);
            const auto first = static_cast<std::uint32_t>(set.size());
            if (set.empty()) // later lists leave it to the set how it grows
                set.reserve(size);
            for (auto& one : list)
                set.emplace_back(std::move(one));
            return {cell::kind::list_of_values, 0, first, size};
        } else {
            std::vector<cell> cells;
            cells.reserve(size);
            for (auto& one : list)
                cells.push_back(store(item{std::move(one)}));
            const auto first = static_cast<std::uint32_t>(items_.size());
            items_.insert(items_.end(), cells.begin(), cells.end());
            return {cell::kind::list_of_cells, 0, first, size};
        }
    }

    template <class V, class... All>
    static constexpr std::uint8_t set_of(detail::type_list<All...>) {
        std::uint8_t at = 0;
        static_cast<void>(((std::is_same_v<V, All> || (++at, false)) || ...));
        return at;
    }

    template <class Stored>
    static std::uint32_t place_of_last(const std::vector<Stored>& all) {
        return static_cast<std::uint32_t>(all.size() - 1);
    }

    std::vector<cell> cells_;
    std::vector<cell> items_;
    std::vector<error> errors_;
    typename detail::value_store<types>::type values_;
};

} // namespace atrium::graphql
