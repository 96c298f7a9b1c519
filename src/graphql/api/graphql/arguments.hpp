#pragma once

#include <graphql/value_type.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <vector>

namespace atrium::graphql {

namespace detail {

/// For each C++ type that is registered with the schema builder (enums and custom scalars): the function that converts `input`
/// to a value of the type and writes it to `target`.
using input_readers = std::unordered_map<std::type_index, std::function<void(const boost::json::value& input, void* target)>>;

} // namespace detail

/// The arguments of a field, or the fields of an input object, coerced by the rules of the specification. An argument that the
/// client did not send is set to its default, if there is one. The values fit the schema, so reading an argument as a wrong
/// type, or an absent one as non-null, is a bug of this program and throws `std::logic_error`.
///
///     a.get<std::string_view>("username")              a non-null argument
///     a.get<std::optional<order_status>>("status")     a nullable argument; empty if it is null or absent
///     a.get<arguments>("input")                        an input object
///     a.get<std::vector<std::string_view>>("ids")      a list
///
/// A Boolean, Int or Float can be read as bool, an integer type or double. A String or ID can be read as std::string or
/// std::string_view (valid as long as the arguments). An enum or a custom scalar can be read as the C++ type that is registered
/// with the builder. Any value can be read as boost::json::value.
class arguments {
public:
    arguments(const boost::json::object& values, const detail::input_readers& readers) : values_{&values}, readers_{&readers} {}

    /// Whether the argument is present, possibly with the value null. In an update, an absent argument usually means "keep the
    /// stored value", and null means "remove it".
    [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }

    /// Null if the argument is not present.
    [[nodiscard]] const boost::json::value* find(std::string_view name) const noexcept { return values_->if_contains(name); }

    template <class T>
    [[nodiscard]] T get(std::string_view name) const {
        const auto* value = find(name);
        if constexpr (detail::is_nullable<T>) {
            if (!value || value->is_null())
                return T{};
        } else if (!value) {
            throw_absent(name);
        }
        return read<T>(*value, name);
    }

    [[nodiscard]] const boost::json::object& values() const noexcept { return *values_; }

private:
    template <class T>
    T read(const boost::json::value& value, std::string_view name) const {
        if constexpr (std::same_as<T, boost::json::value>) {
            return value;
        } else if constexpr (detail::is_nullable<T>) {
            return value.is_null() ? T{} : T{read<detail::inner<T>>(value, name)};
        } else if constexpr (std::same_as<T, arguments>) {
            return {object_of(value, name), *readers_};
        } else if constexpr (std::same_as<T, bool>) {
            return boolean_of(value, name);
        } else if constexpr (std::integral<T>) {
            return static_cast<T>(integer_of(value, name));
        } else if constexpr (std::floating_point<T>) {
            return static_cast<T>(number_of(value, name));
        } else if constexpr (std::same_as<T, std::string_view> || std::same_as<T, std::string>) {
            return T{text_of(value, name)};
        } else if constexpr (detail::list_like<T>) {
            T items;
            for (const auto& item : array_of(value, name))
                items.push_back(read<detail::inner<T>>(item, name));
            return items;
        } else {
            T converted{};
            read_registered(value, typeid(T), &converted, name);
            return converted;
        }
    }

    [[noreturn]] static void throw_absent(std::string_view name);
    static const boost::json::object& object_of(const boost::json::value& value, std::string_view name);
    static const boost::json::array& array_of(const boost::json::value& value, std::string_view name);
    static bool boolean_of(const boost::json::value& value, std::string_view name);
    static std::int64_t integer_of(const boost::json::value& value, std::string_view name);
    static double number_of(const boost::json::value& value, std::string_view name);
    static std::string_view text_of(const boost::json::value& value, std::string_view name);
    void read_registered(const boost::json::value& value, const std::type_info& type, void* target,
                         std::string_view name) const;

    const boost::json::object* values_;
    const detail::input_readers* readers_;
};

} // namespace atrium::graphql
