#pragma once

#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/ids.hpp>

#include <boost/json/fwd.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

/// The engine reads C++ values through one table for each C++ type, so that the engine consists of ordinary code, not of
/// templates.
///
/// A value consists of contents (scalars, enums, rows, keys). Contents may be inside wrappers (std::optional, pointers,
/// `result`, std::reference_wrapper), lists, or a std::variant.
namespace atrium::graphql {

/// Whether values are copied into a set, or moved out of their source.
enum class transfer : std::uint8_t { copy, move };

/// Contents of one C++ type, stored contiguously.
class value_set {
public:
    virtual ~value_set() = default;
    [[nodiscard]] virtual const void* data() const noexcept = 0;
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual std::size_t stride() const noexcept = 0; ///< bytes from one value to the next
    virtual void reserve(std::size_t size) = 0;
    /// Appends contiguous values. Throws std::logic_error if they must be copied but are not copyable.
    virtual void append(const void* first, std::size_t count, transfer how) = 0;

    [[nodiscard]] const void* at(std::size_t i) const noexcept { return static_cast<const std::byte*>(data()) + i * stride(); }
};

enum class scalar_kind : std::uint8_t { none, integer, unsigned_integer, floating, boolean, text, id };

/// The table for one C++ type of contents.
struct content_type {
    const std::type_info* id;
    scalar_kind kind;                            ///< `none` for a row, an enum, or a custom scalar
    std::int64_t (*integer)(const void* value);  ///< for integers (unsigned ones as their bit pattern), booleans, ids and enums
    double (*floating)(const void* value);       ///< for floating-point numbers, integers and booleans
    std::string_view (*text)(const void* value); ///< for text; valid as long as the value
    std::unique_ptr<value_set> (*make_set)();
};

enum class value_kind : std::uint8_t { null, error, content, list };

/// A value without its wrappers.
struct value_state {
    value_kind kind = value_kind::null;
    std::uint8_t set = 0;          ///< the index of the content's type in the value_type's `contents`
    std::size_t size = 0;          ///< number of items of a list
    const void* address = nullptr; ///< the content or the list; the argument of `error_at`
    error (*error_at)(const void* address) = nullptr;
};

struct value_type;

/// The table for one C++ type of lists.
struct list_type {
    const void* (*item)(const void* list, std::size_t i);
    bool is_contiguous;
    const value_type* items;
};

/// The table for one C++ type of values.
struct value_type {
    value_state (*state_of)(const void* value); ///< the state of the value inside the wrappers
    bool is_nullable;                           ///< the value inside the wrappers may be missing
    bool is_owned;   ///< contents may be moved out of a value that is no longer needed, because nothing else refers to them
    bool is_content; ///< a value is itself a content: not a wrapper, a list or a variant
    const list_type* list;                         ///< the list_type of the value inside the wrappers; null if it is not a list
    std::span<const content_type* const> contents; ///< including those in lists; several for a variant
};

namespace detail {

[[noreturn]] void throw_not_copyable(const std::type_info& type);

template <class T>
const T& value_at(const void* address) {
    return *static_cast<const T*>(address);
}

template <class T, template <class...> class Template>
inline constexpr bool is_instance = false;
template <template <class...> class Template, class... T>
inline constexpr bool is_instance<Template<T...>, Template> = true;

template <class T>
inline constexpr bool is_text = std::is_convertible_v<const T&, std::string_view>;
template <class T>
inline constexpr bool is_json = std::is_same_v<T, boost::json::value> || std::is_same_v<T, boost::json::array> ||
                                std::is_same_v<T, boost::json::object> || std::is_same_v<T, boost::json::string>;
template <class T>
inline constexpr bool is_pointer = std::is_pointer_v<T> && !is_text<T>;
template <class T>
inline constexpr bool is_nullable =
    is_pointer<T> || is_instance<T, std::optional> || is_instance<T, std::unique_ptr> || is_instance<T, std::shared_ptr>;
template <class T>
inline constexpr bool is_result = is_instance<T, boost::system::result>;
template <class T>
inline constexpr bool is_wrapper = is_nullable<T> || is_result<T> || is_instance<T, std::reference_wrapper>;
template <class T>
concept list_like =
    std::ranges::random_access_range<const T> && std::ranges::sized_range<const T> && !is_text<T> && !is_json<T>;

template <class T>
decltype(auto) unwrap(T& wrapper) {
    if constexpr (is_instance<std::remove_const_t<T>, std::reference_wrapper>)
        return wrapper.get();
    else
        return *wrapper;
}

/// The type inside a wrapper, or the type of a list's items.
template <class T>
struct inner_type {
    using type = std::remove_cvref_t<decltype(unwrap(std::declval<const T&>()))>;
};
template <list_like T>
struct inner_type<T> {
    using type = std::remove_cvref_t<std::ranges::range_reference_t<const T>>;
};
template <class T>
using inner = typename inner_type<T>::type;

/// The C++ types of a value's contents.
template <class... T>
struct type_list {};
template <class T>
struct contents_of {
    using type = type_list<T>;
};
template <class T>
    requires(is_wrapper<T> || list_like<T>)
struct contents_of<T> {
    using type = typename contents_of<inner<T>>::type;
};
template <class... T>
struct contents_of<std::variant<T...>> {
    using type = type_list<T...>;
};
template <class T>
using contents = typename contents_of<T>::type;

template <class T>
constexpr bool may_be_null() {
    if constexpr (is_wrapper<T>)
        return is_nullable<T> || may_be_null<inner<T>>();
    else
        return false;
}

template <class T>
constexpr bool owns_contents() {
    if constexpr (is_pointer<T> || is_instance<T, std::shared_ptr> || is_instance<T, std::reference_wrapper>)
        return false;
    else if constexpr (is_wrapper<T>)
        return !std::is_const_v<std::remove_reference_t<decltype(unwrap(std::declval<T&>()))>> && owns_contents<inner<T>>();
    else if constexpr (list_like<T>)
        return !std::ranges::borrowed_range<T> &&
               !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<T>>> && owns_contents<inner<T>>();
    else
        return true;
}

template <class T>
value_state find_state(const T& value) {
    if constexpr (is_wrapper<T>) {
        if constexpr (is_nullable<T>) {
            if (!value)
                return {};
        } else if constexpr (is_result<T>) {
            if (!value)
                return {value_kind::error, 0, 0, std::addressof(value),
                        [](const void* address) { return value_at<T>(address).error(); }};
        }
        return find_state(unwrap(value));
    } else if constexpr (list_like<T>) {
        return {value_kind::list, 0, static_cast<std::size_t>(std::ranges::size(value)), std::addressof(value)};
    } else if constexpr (is_instance<T, std::variant>) {
        const auto* address = std::visit([](const auto& v) -> const void* { return std::addressof(v); }, value);
        return {value_kind::content, static_cast<std::uint8_t>(value.index()), 0, address};
    } else {
        return {value_kind::content, 0, 0, std::addressof(value)};
    }
}

template <class T>
value_state state_of(const void* value) {
    return find_state(value_at<T>(value));
}

template <class List>
const void* item_of(const void* list, std::size_t i) {
    static_assert(std::is_lvalue_reference_v<std::ranges::range_reference_t<const List>>,
                  "a list's items must have addresses: use std::vector, but not of bool");
    return std::addressof(std::ranges::begin(value_at<List>(list))[static_cast<std::ptrdiff_t>(i)]);
}

/// One value of a set. A set of booleans is thus a `std::vector<stored<bool>>`, whose items have addresses, unlike those of a
/// `std::vector<bool>`.
template <class T>
struct stored {
    explicit stored(T&& v) : value{std::move(v)} {}
    explicit stored(const T& v) : value{v} {}
    T value;
};

template <class T>
class typed_values final : public value_set {
public:
    typed_values() = default;
    explicit typed_values(std::vector<stored<T>> values) : values_{std::move(values)} {}

    const void* data() const noexcept override { return values_.data(); }
    std::size_t size() const noexcept override { return values_.size(); }
    std::size_t stride() const noexcept override { return sizeof(stored<T>); }
    void reserve(std::size_t size) override { values_.reserve(size); }
    void append(const void* first, std::size_t count, transfer how) override {
        const auto* const source = static_cast<const T*>(first);
        if (how == transfer::move)
            for (std::size_t i = 0; i < count; ++i)
                values_.emplace_back(std::move(const_cast<T&>(source[i])));
        else if constexpr (std::is_copy_constructible_v<T>)
            for (std::size_t i = 0; i < count; ++i)
                values_.emplace_back(source[i]);
        else
            throw_not_copyable(typeid(T));
    }

private:
    static_assert(sizeof(stored<T>) == sizeof(T));
    std::vector<stored<T>> values_;
};

template <class T>
constexpr content_type make_content_type() {
    content_type table{&typeid(T), scalar_kind::none,
                       nullptr,    nullptr,
                       nullptr,    []() -> std::unique_ptr<value_set> { return std::make_unique<typed_values<T>>(); }};
    if constexpr (is_instance<T, atrium::id>) {
        table.kind = scalar_kind::id;
        table.integer = [](const void* address) { return value_at<T>(address).value; };
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
        table.kind = std::is_enum_v<T>           ? scalar_kind::none
                     : std::same_as<T, bool>     ? scalar_kind::boolean
                     : std::unsigned_integral<T> ? scalar_kind::unsigned_integer
                                                 : scalar_kind::integer;
        table.integer = [](const void* address) { return static_cast<std::int64_t>(value_at<T>(address)); };
    } else if constexpr (is_text<T>) {
        table.kind = scalar_kind::text;
        table.text = [](const void* address) { return std::string_view{value_at<T>(address)}; };
    } else if constexpr (std::floating_point<T>) {
        table.kind = scalar_kind::floating;
    }
    if constexpr (std::is_arithmetic_v<T>)
        table.floating = [](const void* address) { return static_cast<double>(value_at<T>(address)); };
    return table;
}

template <class T>
inline constexpr content_type content_type_of = make_content_type<T>();

template <class... T>
inline constexpr std::array<const content_type*, sizeof...(T)> content_types_of(type_list<T...>) {
    return {&content_type_of<T>...};
}
template <class Types>
inline constexpr auto content_types = content_types_of(Types{});

template <class T>
constexpr const list_type* list_type_of();

template <class T>
inline constexpr value_type type_of{state_of<T>,        may_be_null<T>(),
                                    owns_contents<T>(), !is_wrapper<T> && !list_like<T> && !is_instance<T, std::variant>,
                                    list_type_of<T>(),  content_types<contents<T>>};

template <class List>
inline constexpr list_type type_of_list{item_of<List>, std::ranges::contiguous_range<const List>, &type_of<inner<List>>};

template <class T>
constexpr const list_type* list_type_of() {
    if constexpr (is_wrapper<T>)
        return list_type_of<inner<T>>();
    else if constexpr (list_like<T>)
        return &type_of_list<T>;
    else
        return nullptr;
}

} // namespace detail

/// The table of a C++ type. It lives as long as the program.
template <class T>
[[nodiscard]] const value_type& value_type_of() noexcept {
    return detail::type_of<T>;
}

// Compiled once, in value_type.cpp, because every description of an entity needs them.
extern template const value_type& value_type_of<bool>() noexcept;
extern template const value_type& value_type_of<std::int64_t>() noexcept;
extern template const value_type& value_type_of<std::string>() noexcept;
extern template const value_type& value_type_of<timestamp>() noexcept;

} // namespace atrium::graphql
