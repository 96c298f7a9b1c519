#pragma once

#include <base/error.hpp>

#include <boost/json/value.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <variant>

/// What a C++ type says about the GraphQL values that it holds: `optional<vector<order>>` is a nullable list of `order`.
namespace atrium::graphql::detail {

template <class T>
inline constexpr bool is_text = std::is_convertible_v<const T&, std::string_view>;

template <class T>
inline constexpr bool is_json = std::is_same_v<T, boost::json::value> || std::is_same_v<T, boost::json::array> ||
                                std::is_same_v<T, boost::json::object> || std::is_same_v<T, boost::json::string>;

/// Holds one value or none.
template <class T>
inline constexpr bool is_nullable = std::is_pointer_v<T> && !is_text<T>;
template <class T>
inline constexpr bool is_nullable<std::optional<T>> = true;
template <class T>
inline constexpr bool is_nullable<std::unique_ptr<T>> = true;
template <class T>
inline constexpr bool is_nullable<std::shared_ptr<T>> = true;

/// Points to what others may have, too.
template <class T>
inline constexpr bool is_shared = std::is_pointer_v<T>;
template <class T>
inline constexpr bool is_shared<std::shared_ptr<T>> = true;

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

/// Stands for a value that lives elsewhere, and is never null.
template <class T>
inline constexpr bool is_reference = false;
template <class T>
inline constexpr bool is_reference<std::reference_wrapper<T>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
concept list_like =
    std::ranges::random_access_range<const T> && std::ranges::sized_range<const T> && !is_text<T> && !is_json<T>;

/// What stands inside of one that is nullable, a result, a reference or a list.
template <class T>
struct inner_type {};
template <class T>
requires is_nullable<T>
struct inner_type<T> {
    using type = std::remove_cvref_t<decltype(*std::declval<const T&>())>;
};
template <class T>
struct inner_type<result<T>> {
    using type = T;
};
template <class T>
struct inner_type<std::reference_wrapper<T>> {
    using type = std::remove_const_t<T>;
};
template <list_like T>
struct inner_type<T> {
    using type = std::remove_cvref_t<std::ranges::range_reference_t<const T>>;
};
template <class T>
using inner = typename inner_type<T>::type;

template <class... T>
struct type_list {
    static constexpr std::size_t size = sizeof...(T);
};

/// The C++ types that stand at the bottom of `T`: one, or those of a variant.
template <class T>
struct bottom {
    using types = type_list<T>;
};
template <class T>
requires(is_nullable<T> || is_result<T> || is_reference<T> || list_like<T>) struct bottom<T> {
    using types = typename bottom<inner<T>>::types;
};
template <class... T>
struct bottom<std::variant<T...>> {
    using types = type_list<T...>;
};

} // namespace atrium::graphql::detail
