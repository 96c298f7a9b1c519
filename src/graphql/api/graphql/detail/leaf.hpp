#pragma once

#include <base/ids.hpp>
#include <base/json_writer.hpp>
#include <graphql/detail/shape.hpp>

#include <cmath>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

/// How C++ values become JSON text of a scalar or an enum.
namespace atrium::graphql::detail {

/// Appends the JSON of the value at `value`, or tells why it cannot: then it has appended nothing.
struct leaf_writer {
    using function = bool(const void* state, const void* value, std::string& out, std::string& why);

    function* write = nullptr;
    std::shared_ptr<const void> state{}; ///< what `write` gets besides: a table of names, a module's own function

    explicit operator bool() const noexcept { return write != nullptr; }
    bool operator()(const void* value, std::string& out, std::string& why) const { return write(state.get(), value, out, why); }
};

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<id<Tag>> = true;

template <class T>
inline constexpr bool is_integer = std::integral<T> && !std::same_as<T, bool>;

template <class T>
const T& value_at(const void* at) {
    return *static_cast<const T*>(at);
}

template <class T>
bool write_int(const void*, const void* at, std::string& out, std::string& why) {
    const auto number = value_at<T>(at);
    if (!std::in_range<std::int32_t>(number)) {
        why = "Int cannot represent non 32-bit signed integer value: " + std::to_string(number);
        return false;
    }
    json_writer{out}.value(static_cast<std::int64_t>(number));
    return true;
}

template <class T>
bool write_float(const void*, const void* at, std::string& out, std::string& why) {
    const auto number = static_cast<double>(value_at<T>(at));
    if (!std::isfinite(number)) {
        why = std::string{"Float cannot represent non numeric value: "} + (std::isnan(number) ? "NaN"
                                                                           : number > 0       ? "Infinity"
                                                                                              : "-Infinity");
        return false;
    }
    json_writer{out}.value(number);
    return true;
}

template <class T>
bool write_text(const void*, const void* at, std::string& out, std::string&) {
    json_writer{out}.value(std::string_view{value_at<T>(at)});
    return true;
}

inline bool write_boolean(const void*, const void* at, std::string& out, std::string&) {
    json_writer{out}.value(value_at<bool>(at));
    return true;
}

template <class T>
bool write_number_as_text(const void*, const void* at, std::string& out, std::string&) {
    out.push_back('"');
    if constexpr (is_id<T>)
        json_writer{out}.value(value_at<T>(at).value);
    else
        out += std::to_string(value_at<T>(at));
    out.push_back('"');
    return true;
}

/// How a `T` is written as one of the five scalars of the specification; none where it cannot be.
template <class T>
leaf_writer standard_writer([[maybe_unused]] std::string_view scalar) {
    if constexpr (is_integer<T>) {
        if (scalar == "Int")
            return {write_int<T>};
        if (scalar == "ID")
            return {write_number_as_text<T>};
    }
    if constexpr (is_integer<T> || std::floating_point<T>)
        if (scalar == "Float")
            return {write_float<T>};
    if constexpr (is_text<T>)
        if (scalar == "String" || scalar == "ID")
            return {write_text<T>};
    if constexpr (std::same_as<T, bool>)
        if (scalar == "Boolean")
            return {write_boolean};
    if constexpr (is_id<T>)
        if (scalar == "ID")
            return {write_number_as_text<T>};
    return {};
}

} // namespace atrium::graphql::detail
