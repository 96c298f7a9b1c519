#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <graphql/arguments.hpp>
#include <graphql/column.hpp>
#include <graphql/context.hpp>
#include <graphql/detail/member_set.hpp>
#include <graphql/detail/values.hpp>
#include <graphql/event_source.hpp>
#include <graphql/selection.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// A module's functions with their types erased: the three ways in which a field gets its values. Resolvers are never changed
/// once made and called from any thread, several at a time.
namespace atrium::graphql {

/// The row of the query, mutation and subscription types: there is nothing in it.
struct root {};

namespace detail {

/// What a resolver may ask for besides its rows.
struct field_call {
    const graphql::arguments& arguments;
    const graphql::selection& selection; ///< of what it gives
    graphql::context& context;
};

struct field_resolver {
    explicit field_resolver(value_description v) : values{std::move(v)} {}
    virtual ~field_resolver() = default;

    /// The members of its row that it may look at.
    [[nodiscard]] virtual member_set reads() const { return member_set::of_all(); }

    value_description values;
};

/// Looks at one row and waits for nothing: called while the response is written.
struct plain_resolver : field_resolver {
    class reader {
    public:
        virtual void read(value_view value) = 0; ///< valid during the call

    protected:
        ~reader() = default;
    };

    using field_resolver::field_resolver;
    /// Calls `into` once.
    virtual void resolve(const void* row, const field_call& with, reader& into) const = 0;
};

/// Rows of one C++ type, one behind the other.
struct any_rows {
    const void* data = nullptr;
    std::size_t size = 0;
};

/// Gets all rows of a level at once.
struct batch_resolver : field_resolver {
    using field_resolver::field_resolver;
    virtual awaitable<any_column> resolve(any_rows rows, const field_call& with) const = 0;
};

class any_event_source {
public:
    virtual ~any_event_source() = default;
    virtual awaitable<result<std::optional<any_column>>> next() = 0; ///< a column of one cell
    [[nodiscard]] virtual std::string resume_token() const = 0;      ///< see event_source
};

/// The root field of a subscription.
struct stream_resolver : field_resolver {
    using field_resolver::field_resolver;
    virtual awaitable<result<std::unique_ptr<any_event_source>>> open(const field_call& with) const = 0;
};

// --- how a function is called: with as much as it asks for, in this order ---------------------------------------------------

struct not_callable {};

template <class F, class... Taken>
decltype(auto) call_with(const F& f, std::tuple<Taken...> taken) {
    if constexpr (std::invocable<const F&, Taken...>)
        return std::apply(f, std::move(taken));
    else
        return not_callable{};
}

template <class F, class... Taken, class Next, class... Rest>
decltype(auto) call_with(const F& f, std::tuple<Taken...> taken, Next& next, Rest&... rest) {
    using more = std::tuple<Taken..., Next&>;
    if constexpr (!std::same_as<decltype(call_with(f, std::declval<more>(), rest...)), not_callable>)
        return call_with(f, std::tuple_cat(std::move(taken), std::tuple<Next&>{next}), rest...);
    else
        return call_with(f, std::move(taken), rest...);
}

template <class F, class... Row>
decltype(auto) call(const F& f, const field_call& with, Row&&... row) {
    return call_with(f, std::tuple<Row&&...>{std::forward<Row>(row)...}, with.arguments, with.selection, with.context);
}

template <class F, class... Row>
using called = decltype(call(std::declval<const F&>(), std::declval<const field_call&>(), std::declval<Row>()...));

template <class F, class... Row>
concept resolves = !std::same_as<called<F, Row...>, not_callable>;

template <class T>
inline constexpr bool is_awaitable = false;
template <class T>
inline constexpr bool is_awaitable<awaitable<T>> = true;

template <class T>
struct awaited_type {
    using type = T;
};
template <class T>
struct awaited_type<awaitable<T>> {
    using type = T;
};
/// What `co_await` gives, and without a `result` around it.
template <class T>
using awaited = typename awaited_type<T>::type;
template <class T>
struct unwrapped_type {
    using type = T;
};
template <class T>
struct unwrapped_type<result<T>> {
    using type = T;
};
template <class T>
using unwrapped = typename unwrapped_type<awaited<T>>::type;

template <class T>
inline constexpr bool is_column = false;
template <class T>
inline constexpr bool is_column<column<T>> = true;
template <class T>
struct column_content {};
template <class T>
struct column_content<column<T>> {
    using type = T;
};

template <class T>
inline constexpr bool is_event_source = false;
template <class T>
inline constexpr bool is_event_source<std::unique_ptr<event_source<T>>> = true;
template <class T>
struct event_type {};
template <class T>
struct event_type<std::unique_ptr<event_source<T>>> {
    using type = T;
};

/// The column that a batch function gave, or its one error for each row.
template <class T>
column<T> spread(column<T> given, std::size_t) {
    return given;
}
template <class T>
column<T> spread(result<column<T>> given, std::size_t rows) {
    return given ? *std::move(given) : column<T>::failed(rows, std::move(given).error());
}

// --- the resolvers made of functions ----------------------------------------------------------------------------------------

template <class Row, class F>
struct plain_function final : plain_resolver {
    static constexpr bool takes_row = resolves<F, const Row&>;
    static decltype(auto) call_for(const F& f, const Row& row, const field_call& with) {
        if constexpr (takes_row)
            return call(f, with, row);
        else
            return call(f, with);
    }
    using given = std::remove_cvref_t<decltype(call_for(std::declval<const F&>(), std::declval<const Row&>(),
                                                        std::declval<const field_call&>()))>;

    explicit plain_function(F f) : plain_resolver{value_description::of<given>()}, f_{std::move(f)} {}

    member_set reads() const override { return takes_row ? members_read_by(f_) : member_set{}; }

    void resolve(const void* row, const field_call& with, reader& into) const override {
        auto&& value = call_for(f_, *static_cast<const Row*>(row), with);
        into.read(value_view::of(value));
    }

    F f_;
};

/// Shows the value of type `T` that lies so many bytes into each row.
template <class T>
struct member_at final : plain_resolver {
    member_at(std::type_index row, std::size_t offset)
        : plain_resolver{value_description::of<T>()}, row_{row}, offset_{offset} {}

    member_set reads() const override {
        member_set one;
        one.add(any_member{row_, offset_});
        return one;
    }

    void resolve(const void* row, const field_call&, reader& into) const override {
        into.read(value_view::of(*reinterpret_cast<const T*>(static_cast<const std::byte*>(row) + offset_)));
    }

    std::type_index row_;
    std::size_t offset_;
};

template <class Row, class F>
struct batch_function final : batch_resolver {
    using content = typename column_content<unwrapped<called<F, std::span<const Row>>>>::type;

    explicit batch_function(F f) : batch_resolver{value_description::of<content>()}, f_{std::move(f)} {}

    awaitable<any_column> resolve(any_rows rows, const field_call& with) const override {
        const std::span<const Row> all{static_cast<const Row*>(rows.data), rows.size};
        auto given = co_await call(f_, with, all);
        co_return spread(std::move(given), rows.size).erase();
    }

    F f_;
};

/// Of a root type: a function that waits, and is called once for each row, of which there is one.
template <class F>
struct root_function final : batch_resolver {
    using content = awaited<called<F>>;

    explicit root_function(F f) : batch_resolver{value_description::of<content>()}, f_{std::move(f)} {}

    member_set reads() const override { return {}; }

    awaitable<any_column> resolve(any_rows rows, const field_call& with) const override {
        column<content> all;
        for (std::size_t i = 0; i < rows.size; ++i)
            all.add(co_await call(f_, with));
        co_return std::move(all).erase();
    }

    F f_;
};

template <class T>
class typed_event_source final : public any_event_source {
public:
    explicit typed_event_source(std::unique_ptr<event_source<T>> source) : source_{std::move(source)} {}

    awaitable<result<std::optional<any_column>>> next() override {
        auto event = co_await source_->next();
        if (!event)
            co_return std::move(event).error();
        if (!*event)
            co_return std::nullopt;
        column<T> one;
        one.add(std::move(**event));
        co_return std::move(one).erase();
    }
    std::string resume_token() const override { return source_->resume_token(); }

private:
    std::unique_ptr<event_source<T>> source_;
};

template <class F>
struct stream_function final : stream_resolver {
    using content = typename event_type<unwrapped<called<F>>>::type;

    explicit stream_function(F f) : stream_resolver{value_description::of<content>()}, f_{std::move(f)} {}

    awaitable<result<std::unique_ptr<any_event_source>>> open(const field_call& with) const override {
        result<std::unique_ptr<event_source<content>>> source = co_await call(f_, with);
        if (!source)
            co_return std::move(source).error();
        co_return std::make_unique<typed_event_source<content>>(*std::move(source));
    }

    F f_;
};

/// The resolver that a function is, told by what it takes and gives.
template <class Row, class F>
std::shared_ptr<const field_resolver> make_resolver(F f) {
    if constexpr (resolves<F, std::span<const Row>>) {
        static_assert(is_column<unwrapped<called<F, std::span<const Row>>>>,
                      "a resolver of all rows gives awaitable<column<T>>, or awaitable<result<column<T>>>");
        return std::make_shared<batch_function<Row, F>>(std::move(f));
    } else if constexpr (resolves<F, const Row&>) {
        static_assert(!is_awaitable<called<F, const Row&>>, "a resolver that waits takes all rows: std::span<const Row>");
        return std::make_shared<plain_function<Row, F>>(std::move(f));
    } else {
        static_assert(resolves<F>, "a resolver takes its row, or all rows as std::span<const Row>; then what it needs of "
                                   "const arguments&, const selection& and context&, in this order");
        if constexpr (!is_awaitable<called<F>>) {
            return std::make_shared<plain_function<Row, F>>(std::move(f));
        } else {
            static_assert(std::same_as<Row, root>, "a resolver that waits takes all rows: std::span<const Row>");
            if constexpr (is_event_source<unwrapped<called<F>>>)
                return std::make_shared<stream_function<F>>(std::move(f));
            else
                return std::make_shared<root_function<F>>(std::move(f));
        }
    }
}

} // namespace detail
} // namespace atrium::graphql
