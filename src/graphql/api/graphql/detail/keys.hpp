#pragma once

#include <base/awaitable.hpp>
#include <base/ids.hpp>
#include <graphql/column.hpp>
#include <graphql/context.hpp>
#include <graphql/detail/resolver.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace atrium::graphql::detail {

/// Keys that several fields gave, and the row of each.
struct loaded_rows {
    any_column rows;                               ///< one cell for each distinct key
    std::vector<std::vector<std::uint32_t>> cells; ///< of each set of keys: the cell of each key
};

/// One kind of keys of an object type's rows.
class row_key {
public:
    row_key(std::type_index k, value_description r) : key{k}, row{std::move(r)} {}
    virtual ~row_key() = default;

    std::type_index key;
    value_description row; ///< what `load` gives

    /// The key of a row; lives in the row.
    [[nodiscard]] virtual const void* of(const void* r) const = 0;
    /// The members of a row that may be the key, or parts of it.
    [[nodiscard]] virtual member_set reads() const = 0;
    [[nodiscard]] virtual std::unique_ptr<any_values> make_keys() const = 0;
    /// Reads a key and appends it; false where the text is none.
    virtual bool append(any_values& keys, std::string_view text) const = 0;

    [[nodiscard]] virtual bool can_load() const noexcept = 0;
    /// The rows of all keys, each asked for once.
    /// @param s what is selected of them
    virtual awaitable<loaded_rows> load(std::vector<const any_values*> keys, const selection& s, context& c) const = 0;
};

template <class Key>
std::optional<Key> key_of_text([[maybe_unused]] std::string_view text) {
    if constexpr (is_id<Key>) {
        const auto number = parse_id(text);
        return number ? std::optional{Key{*number}} : std::nullopt;
    } else if constexpr (std::is_constructible_v<Key, std::string_view>) {
        return Key{text};
    } else {
        return std::nullopt;
    }
}

/// Keys of several sets, in ascending order and each once.
template <class Key>
struct distinct_keys {
    std::vector<Key> keys;
    std::vector<std::vector<std::uint32_t>> places; ///< of each set: where each of its keys stands in `keys`

    explicit distinct_keys(const std::vector<const any_values*>& sets) {
        struct found {
            const Key* key;
            std::uint32_t set;
            std::uint32_t index;
        };
        std::vector<found> all;
        for (const auto* set : sets) {
            const auto number = static_cast<std::uint32_t>(places.size());
            places.emplace_back(set->size());
            for (std::uint32_t i = 0; i < set->size(); ++i)
                all.push_back({static_cast<const Key*>(set->at(i)), number, i});
        }
        std::ranges::sort(all, [](const found& a, const found& b) { return *a.key < *b.key; });
        for (const auto& one : all) {
            if (keys.empty() || keys.back() < *one.key)
                keys.push_back(*one.key);
            places[one.set][one.index] = static_cast<std::uint32_t>(keys.size() - 1);
        }
    }
};

/// A key for which there is no loading: it only lets other modules add fields.
struct no_loader {};

template <class Row, class Key, class Projection, class Load>
class typed_key final : public row_key {
    static constexpr bool loads = !std::same_as<Load, no_loader>;

public:
    typed_key(Projection of, Load load)
        : row_key{typeid(Key), value_description::of<Row>()}, of_{std::move(of)}, load_{std::move(load)} {}

    const void* of(const void* r) const override {
        static_assert(std::is_lvalue_reference_v<std::invoke_result_t<const Projection&, const Row&>>,
                      "a key stands in its row: give a member, or a function that returns a reference into the row");
        return std::addressof(std::invoke(of_, *static_cast<const Row*>(r)));
    }
    member_set reads() const override { return members_read_by(of_); }
    std::unique_ptr<any_values> make_keys() const override { return std::make_unique<typed_values<Key>>(); }
    bool append(any_values& keys, std::string_view text) const override {
        const auto read = key_of_text<Key>(text);
        if (read)
            keys.append_copy(&*read);
        return read.has_value();
    }

    bool can_load() const noexcept override { return loads; }
    awaitable<loaded_rows> load(std::vector<const any_values*> keys, const selection& s, context& c) const override {
        if constexpr (loads) {
            distinct_keys<Key> wanted{keys};
            const std::span<const Key> all{wanted.keys};
            auto rows = spread(co_await call_with(load_, std::tuple<std::span<const Key>>{all}, s, c), all.size());
            if (rows.size() != all.size())
                throw std::logic_error{"a loader gave " + std::to_string(rows.size()) + " rows for " +
                                       std::to_string(all.size()) + " keys"};
            co_return loaded_rows{std::move(rows).erase(), std::move(wanted.places)};
        } else {
            throw std::logic_error{"rows were to be loaded by a key that has no loader"};
        }
    }

private:
    Projection of_;
    Load load_;
};

} // namespace atrium::graphql::detail
