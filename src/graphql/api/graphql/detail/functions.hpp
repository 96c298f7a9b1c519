#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <base/ids.hpp>
#include <graphql/column.hpp>
#include <graphql/event_source.hpp>
#include <graphql/field_call.hpp>
#include <graphql/value_type.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// A module's functions with their types erased. They never change after construction, and several threads may call them at the
/// same time.
namespace atrium::graphql::detail {

// --- how the engine calls them ----------------------------------------------------------------------------------------------

/// Receives the value that a function returns for one row.
class value_receiver {
public:
    virtual void receive(const void* value) = 0; ///< `value` is valid during the call

protected:
    ~value_receiver() = default;
};

/// Contiguous rows of one C++ type.
struct row_span {
    const void* data = nullptr;
    std::size_t size = 0;
};

/// An `event_source` with its type erased: each event is a column of one cell.
class erased_event_source {
public:
    virtual ~erased_event_source() = default;
    virtual awaitable<result<std::optional<erased_column>>> next() = 0;
    [[nodiscard]] virtual std::string resume_token() const = 0; ///< see event_source
};

struct member_offset {
    std::size_t bytes; ///< the offset of the member in each row
    [[nodiscard]] const void* of(const void* row) const { return static_cast<const std::byte*>(row) + bytes; }
};
using row_function = std::function<void(const void* row, const field_call&, value_receiver&)>; ///< calls the receiver once
using batch_function = std::function<awaitable<erased_column>(row_span, const field_call&)>;
using stream_function = std::function<awaitable<result<std::unique_ptr<erased_event_source>>>(const field_call&)>;

/// The source of a field's values.
struct resolver {
    const value_type* type; ///< the type of the values
    std::variant<member_offset, row_function, batch_function, stream_function> function;
};

/// A key, and its position among several sets of keys.
struct key_place {
    const void* key;
    std::uint32_t set;   ///< index of the set that contains the key
    std::uint32_t index; ///< the index of the key in that set
};

/// A member that identifies the rows of an object type (see `object_builder::key`), and the functions for its values, the keys.
struct row_key {
    const content_type* key_type;
    const content_type* row_type;
    member_id member; ///< the member of the row that contains the key
    void (*sort)(std::span<key_place> keys);
    bool (*is_less)(const void* a, const void* b);
    /// Appends the key that `text` represents to `keys`. Returns false, and appends nothing, if the text is not a valid key.
    bool (*append_text)(value_set& keys, std::string_view text);
    /// Loads the row of each key; empty if rows cannot be loaded by this key.
    std::function<awaitable<erased_column>(const value_set& keys, const load_call&)> load;

    [[nodiscard]] const void* key_of(const void* row) const { return static_cast<const std::byte*>(row) + member.offset; }
};

// --- how they are created ---------------------------------------------------------------------------------------------------

/// Whether a function `F` can be called with the rows alone, or with the rows and then the call. `Rows` may be empty.
template <class F, class Call, class... Rows>
concept callable = std::invocable<const F&, Rows..., const Call&> || std::invocable<const F&, Rows...>;

template <class F, class Call, class... Rows>
decltype(auto) call_with(const F& f, const Call& call, const Rows&... rows) {
    if constexpr (std::invocable<const F&, const Rows&..., const Call&>)
        return std::invoke(f, rows..., call);
    else
        return std::invoke(f, rows...);
}

template <class F, class Call, class... Rows>
using returned = std::remove_cvref_t<decltype(call_with(std::declval<const F&>(), std::declval<const Call&>(),
                                                        std::declval<const Rows&>()...))>;

template <class T>
inline constexpr bool is_awaitable = is_instance<T, asio::awaitable>;

/// The type of the value that a function with the return type `T` returns in the end: without `awaitable` and without `result`.
template <class T>
struct awaited_type {
    using type = T;
};
template <class T>
struct awaited_type<result<T>> {
    using type = T;
};
template <class T>
struct awaited_type<awaitable<T>> {
    using type = typename awaited_type<T>::type;
};
template <class T>
using awaited = typename awaited_type<T>::type;

template <class T>
inline constexpr bool is_column = is_instance<T, column>;
template <class T>
struct column_content {};
template <class T>
struct column_content<column<T>> {
    using type = T;
};

template <class T>
erased_column erase(column<T> values, std::size_t) {
    return std::move(values).erase();
}
/// If there is an error instead of values, every row gets that error.
template <class T>
erased_column erase(result<column<T>> values, std::size_t rows) {
    return (values ? *std::move(values) : column<T>::failed(rows, std::move(values).error())).erase();
}

template <class Row, class F>
resolver make_row_resolver(F f) {
    return {&value_type_of<returned<F, field_call, Row>>(),
            [f = std::move(f)](const void* row, const field_call& call, value_receiver& receiver) {
                auto&& value = call_with(f, call, value_at<Row>(row));
                receiver.receive(static_cast<const void*>(std::addressof(value)));
            }};
}

template <class Row, class F>
resolver make_batch_resolver(F f) {
    using content = typename column_content<awaited<returned<F, field_call, std::span<const Row>>>>::type;
    return {&value_type_of<content>(), [f = std::move(f)](row_span rows, const field_call& call) -> awaitable<erased_column> {
                const std::span<const Row> typed_rows{static_cast<const Row*>(rows.data), rows.size};
                auto values = co_await call_with(f, call, typed_rows);
                co_return erase(std::move(values), typed_rows.size());
            }};
}

/// The resolver of a field of a root type. Calls the function once for each row of the level. There is usually one row; there
/// can be several if a field of another type returns the root type.
template <class F>
resolver make_root_resolver(F f) {
    using result_type = returned<F, field_call>;
    if constexpr (is_awaitable<result_type>)
        return {&value_type_of<awaited<result_type>>(),
                [f = std::move(f)](row_span rows, const field_call& call) -> awaitable<erased_column> {
                    column<awaited<result_type>> values;
                    for (std::size_t i = 0; i < rows.size; ++i) {
                        auto value = co_await call_with(f, call);
                        values.add(std::move(value));
                    }
                    co_return std::move(values).erase();
                }};
    else
        return make_row_resolver<root>(
            [f = std::move(f)](const root&, const field_call& call) -> decltype(auto) { return call_with(f, call); });
}

template <class T>
class typed_event_source final : public erased_event_source {
public:
    using type = T;
    explicit typed_event_source(std::unique_ptr<event_source<T>> source) : source_{std::move(source)} {}

    awaitable<result<std::optional<erased_column>>> next() override {
        auto event = co_await source_->next();
        if (!event)
            co_return std::move(event).error();
        if (!*event)
            co_return std::nullopt;
        column<T> column_of_event;
        column_of_event.add(std::move(**event));
        co_return std::move(column_of_event).erase();
    }
    std::string resume_token() const override { return source_->resume_token(); }

private:
    std::unique_ptr<event_source<T>> source_;
};

template <class T>
inline constexpr bool is_event_source = false;
template <class T>
inline constexpr bool is_event_source<std::unique_ptr<event_source<T>>> = true;

template <class F>
resolver make_stream_resolver(F f) {
    using source = decltype(typed_event_source{std::declval<awaited<returned<F, field_call>>>()});
    return {&value_type_of<typename source::type>(),
            [f = std::move(f)](const field_call& call) -> awaitable<result<std::unique_ptr<erased_event_source>>> {
                result<std::unique_ptr<event_source<typename source::type>>> events = co_await call_with(f, call);
                if (!events)
                    co_return std::move(events).error();
                co_return std::make_unique<source>(*std::move(events));
            }};
}

template <class Key>
bool append_text(value_set& keys, [[maybe_unused]] std::string_view text) {
    std::optional<Key> key;
    if constexpr (is_instance<Key, atrium::id>) {
        if (const auto number = parse_id(text))
            key.emplace(Key{*number});
    } else if constexpr (std::is_constructible_v<Key, std::string_view>) {
        key.emplace(text);
    }
    if (key)
        keys.append(std::addressof(*key), 1, transfer::move);
    return key.has_value();
}

template <class Row, class Key>
row_key make_key(Key Row::* member) {
    static constexpr auto is_less = [](const void* a, const void* b) { return value_at<Key>(a) < value_at<Key>(b); };
    return {&content_type_of<Key>,
            &content_type_of<Row>,
            member_id{member},
            [](std::span<key_place> keys) {
                std::ranges::sort(keys, [](const key_place& a, const key_place& b) { return is_less(a.key, b.key); });
            },
            is_less,
            append_text<Key>,
            {}};
}

template <class Row, class Key, class F>
row_key make_key(Key Row::* member, F load) {
    auto key = make_key(member);
    key.load = [load = std::move(load)](const value_set& keys, const load_call& call) -> awaitable<erased_column> {
        const std::span<const Key> typed_keys{static_cast<const Key*>(keys.data()), keys.size()};
        auto rows = co_await call_with(load, call, typed_keys);
        co_return erase(std::move(rows), typed_keys.size());
    };
    return key;
}

} // namespace atrium::graphql::detail
