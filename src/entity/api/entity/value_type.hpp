#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace atrium::entity {

/// The kinds of values that a field can hold. SQL, JSON, HTML forms, events and GraphQL each represent a kind in one way.
enum class kind { id, integer, boolean, text, time, enumeration };

/// The names that the values of an enumeration have in JSON, HTML forms and events. The values are numbered from 0, in the
/// order of `words`. GraphQL uses the same words in upper case.
struct enumeration {
    std::string_view name;                   ///< name of the type: "OrderStatus"
    std::string_view description;            ///< for the reference documentation
    std::span<const std::string_view> words; ///< "placed", "fulfilled", "cancelled"

    /// Returns the number of the value that has this word; empty if the word is unknown.
    [[nodiscard]] std::optional<std::int64_t> find_word(std::string_view word) const noexcept;

    /// "must be placed, fulfilled or cancelled"
    [[nodiscard]] std::string rule() const;
};

/// Reads and sets a value of one C++ type through a `void*`, so that code which uses descriptions needs no templates. Ids,
/// integers, booleans, times (milliseconds since 1970) and enumerations are read and set as numbers. An optional without a
/// value has neither a number nor a text, so check `has_value` first.
struct value_type {
    entity::kind kind;
    bool is_optional;
    const entity::enumeration* enumeration; ///< null if the type is not an enumeration
    const void* id_type;                    ///< for an id, an address that identifies its C++ type; otherwise null

    bool (*has_value)(const void* value);
    void (*reset)(void* value); ///< null unless the type is optional

    std::int64_t (*number)(const void* value); ///< `number` and `set_number` are null if the type is a text
    void (*set_number)(void* value, std::int64_t number);
    /// `text` and `set_text` are null unless the type is a text. The result of `text` is valid as long as the value.
    std::string_view (*text)(const void* value);
    void (*set_text)(void* value, std::string_view text);

    [[nodiscard]] bool is_text() const noexcept { return kind == entity::kind::text; }
};

namespace detail {

/// An enumeration with a function `describe_enumeration(E)` in its namespace, which returns `const enumeration&`.
template <class T>
concept described_enumeration = std::is_enum_v<T> && requires(T value) {
    { describe_enumeration(value) } -> std::same_as<const enumeration&>;
};

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<id<Tag>> = true;

/// A variable for each type. The address of the variable identifies the type.
template <class T>
inline constexpr char mark_of_type = 0;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct plain_type {
    using type = T;
};
template <class T>
struct plain_type<std::optional<T>> {
    using type = T;
};
template <class T>
using plain = typename plain_type<T>::type;

} // namespace detail

/// A C++ type that a field may have: std::int64_t, bool, std::string, timestamp, id<...>, a described enumeration,
/// or one of these in std::optional.
template <class T>
concept field_value = std::same_as<detail::plain<T>, std::int64_t> || std::same_as<detail::plain<T>, bool> ||
                      std::same_as<detail::plain<T>, std::string> || std::same_as<detail::plain<T>, timestamp> ||
                      detail::is_id<detail::plain<T>> || detail::described_enumeration<detail::plain<T>>;

namespace detail {

template <class T>
constexpr kind kind_of() {
    if constexpr (is_id<T>)
        return kind::id;
    else if constexpr (std::same_as<T, bool>)
        return kind::boolean;
    else if constexpr (std::same_as<T, std::string>)
        return kind::text;
    else if constexpr (std::same_as<T, timestamp>)
        return kind::time;
    else if constexpr (std::is_enum_v<T>)
        return kind::enumeration;
    else
        return kind::integer;
}

template <class T>
const plain<T>& content(const void* value) {
    if constexpr (is_optional<T>)
        return **static_cast<const T*>(value);
    else
        return *static_cast<const T*>(value);
}

template <class T>
std::int64_t number_in(const void* value) {
    const auto& v = content<T>(value);
    if constexpr (is_id<plain<T>>)
        return v.value;
    else if constexpr (std::same_as<plain<T>, timestamp>)
        return v.time_since_epoch().count();
    else
        return static_cast<std::int64_t>(v);
}

template <class T>
void put_number(void* value, std::int64_t number) {
    auto& v = *static_cast<T*>(value);
    if constexpr (is_id<plain<T>>)
        v = plain<T>{number};
    else if constexpr (std::same_as<plain<T>, timestamp>)
        v = timestamp{std::chrono::milliseconds{number}};
    else
        v = static_cast<plain<T>>(number);
}

template <class T>
value_type make_value_type() {
    value_type type{};
    type.kind = kind_of<plain<T>>();
    type.is_optional = is_optional<T>;
    if constexpr (std::is_enum_v<plain<T>>)
        type.enumeration = &describe_enumeration(plain<T>{});
    if constexpr (is_id<plain<T>>)
        type.id_type = &mark_of_type<plain<T>>;
    type.has_value = [](const void* value) {
        if constexpr (is_optional<T>)
            return static_cast<const T*>(value)->has_value();
        else
            return true;
    };
    if constexpr (is_optional<T>)
        type.reset = [](void* value) { static_cast<T*>(value)->reset(); };
    if constexpr (std::same_as<plain<T>, std::string>) {
        type.text = [](const void* value) { return std::string_view{content<T>(value)}; };
        type.set_text = [](void* value, std::string_view text) { *static_cast<T*>(value) = std::string{text}; };
    } else {
        type.number = number_in<T>;
        type.set_number = put_number<T>;
    }
    return type;
}

} // namespace detail

/// The `value_type` of a C++ type. It lives as long as the program.
template <field_value T>
[[nodiscard]] const value_type& value_type_of() {
    static const value_type type = detail::make_value_type<T>();
    return type;
}

// Compiled once, in value_type.cpp, because every description needs them.
extern template const value_type& value_type_of<bool>();
extern template const value_type& value_type_of<std::int64_t>();
extern template const value_type& value_type_of<std::string>();
extern template const value_type& value_type_of<timestamp>();

} // namespace atrium::entity
