#pragma once

#include <base/error.hpp>
#include <graphql/detail/leaf.hpp>
#include <graphql/detail/shape.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

/// C++ values with their types erased, so that the engine is code and not templates.
namespace atrium::graphql::detail {

/// Many values of one C++ type, one behind the other.
class any_values {
public:
    virtual ~any_values() = default;
    [[nodiscard]] virtual const void* data() const noexcept = 0;
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual std::size_t stride() const noexcept = 0; ///< bytes from one to the next
    virtual void append_copy(const void* value) = 0;               ///< std::logic_error where the type cannot be copied

    [[nodiscard]] const void* at(std::size_t i) const noexcept { return static_cast<const std::byte*>(data()) + i * stride(); }
};

[[noreturn]] void throw_not_copyable(const std::type_info& type);

/// `std::vector<bool>` has no addresses of its items.
template <class T>
struct stored {
    explicit stored(T&& v) : value{std::move(v)} {}
    explicit stored(const T& v) : value{v} {}
    T value;
};

template <class T>
class typed_values final : public any_values {
public:
    typed_values() = default;
    explicit typed_values(std::vector<stored<T>> values) : values_{std::move(values)} {}

    const void* data() const noexcept override { return values_.data(); }
    std::size_t size() const noexcept override { return values_.size(); }
    std::size_t stride() const noexcept override { return sizeof(stored<T>); }
    void append_copy(const void* value) override {
        if constexpr (std::is_copy_constructible_v<T>)
            values_.emplace_back(*static_cast<const T*>(value));
        else
            throw_not_copyable(typeid(T));
    }

private:
    static_assert(sizeof(stored<T>) == sizeof(T));
    std::vector<stored<T>> values_;
};

/// What the engine must know of a C++ type at the bottom of a resolver's values.
struct value_type {
    std::type_index id;
    leaf_writer (*standard)(std::string_view scalar);
    std::unique_ptr<any_values> (*make_values)();

    template <class T>
    static value_type of() {
        return {typeid(T), standard_writer<T>,
                []() -> std::unique_ptr<any_values> { return std::make_unique<typed_values<T>>(); }};
    }
};

/// What the engine must know of a resolver's values.
struct value_description {
    std::vector<bool> nullable;    ///< of each list from the outside in, and at last of the values at the bottom
    std::vector<value_type> types; ///< of the values at the bottom; more than one in a variant

    template <class T>
    static value_description of() {
        value_description d;
        d.add<T>(false);
        return d;
    }

private:
    template <class T>
    void add(bool is_null_possible) {
        if constexpr (is_nullable<T>) {
            add<inner<T>>(true);
        } else if constexpr (is_result<T> || is_reference<T>) {
            add<inner<T>>(is_null_possible);
        } else {
            nullable.push_back(is_null_possible);
            if constexpr (list_like<T>)
                add<inner<T>>(false);
            else
                add_types(typename bottom<T>::types{});
        }
    }
    template <class... T>
    void add_types(type_list<T...>) {
        (types.push_back(value_type::of<T>()), ...);
    }
};

enum class seen_kind : std::uint8_t { null, error, value, list, trouble };

/// What stands somewhere: nothing, an `atrium::error`, a value at the bottom, a list; or trouble of the engine's own.
struct seen {
    seen_kind kind = seen_kind::null;
    std::uint8_t set = 0;     ///< of a value: which of its field's C++ types it has
    std::size_t size = 0;     ///< of a list; of trouble: which
    const void* at = nullptr; ///< the value
};

/// How a C++ value is looked at: one table for each C++ type.
struct value_eyes {
    seen (*look)(const void* at);
    const void* (*item)(const void* at, std::size_t i); ///< of a list
    const value_eyes* (*item_eyes)();
    error (*error_at)(const void* at); ///< where `look` has seen one
};

template <class T>
struct looking {
    static seen look(const void* at) {
        const auto& value = value_at<T>(at);
        if constexpr (is_nullable<T>)
            return value ? looking<inner<T>>::look(std::addressof(*value)) : seen{};
        else if constexpr (is_result<T>)
            return value ? looking<inner<T>>::look(std::addressof(*value)) : seen{seen_kind::error};
        else if constexpr (is_reference<T>)
            return looking<inner<T>>::look(std::addressof(value.get()));
        else if constexpr (std::is_same_v<T, error>)
            return {seen_kind::error};
        else if constexpr (list_like<T>)
            return {seen_kind::list, 0, static_cast<std::size_t>(std::ranges::size(value)), at};
        else if constexpr (is_variant<T>)
            return {seen_kind::value, static_cast<std::uint8_t>(value.index()), 0,
                    std::visit([](const auto& v) -> const void* { return std::addressof(v); }, value)};
        else
            return {seen_kind::value, 0, 0, at};
    }

    static const void* item(const void* at, std::size_t i) {
        if constexpr (is_nullable<T> || is_result<T>) {
            return looking<inner<T>>::item(std::addressof(*value_at<T>(at)), i);
        } else if constexpr (is_reference<T>) {
            return looking<inner<T>>::item(std::addressof(value_at<T>(at).get()), i);
        } else if constexpr (list_like<T>) {
            static_assert(std::is_lvalue_reference_v<std::ranges::range_reference_t<const T>>,
                          "a list's items must have addresses: use std::vector, but not of bool");
            return std::addressof(std::ranges::begin(value_at<T>(at))[static_cast<std::ptrdiff_t>(i)]);
        } else {
            return nullptr;
        }
    }

    static const value_eyes* item_eyes() {
        if constexpr (is_nullable<T> || is_result<T> || is_reference<T>)
            return looking<inner<T>>::item_eyes();
        else if constexpr (list_like<T>)
            return &looking<inner<T>>::eyes;
        else
            return nullptr;
    }

    static error error_at(const void* at) {
        const auto& value = value_at<T>(at);
        if constexpr (is_nullable<T>)
            return looking<inner<T>>::error_at(std::addressof(*value));
        else if constexpr (is_reference<T>)
            return looking<inner<T>>::error_at(std::addressof(value.get()));
        else if constexpr (is_result<T>)
            return value ? looking<inner<T>>::error_at(std::addressof(*value)) : value.error();
        else if constexpr (std::is_same_v<T, error>)
            return value;
        else
            return {errc::invalid}; // there is none
    }

    static constexpr value_eyes eyes{look, item, item_eyes, error_at};
};

/// A C++ value of any type that a resolver may give. Valid as long as the value.
class value_view {
public:
    template <class T>
    static value_view of(const T& value) {
        return {std::addressof(value), &looking<T>::eyes};
    }

    [[nodiscard]] seen look() const { return eyes_->look(at_); }
    [[nodiscard]] error failure() const { return eyes_->error_at(at_); } ///< where `look` has seen one
    [[nodiscard]] value_view item(std::size_t i) const { return {eyes_->item(at_, i), eyes_->item_eyes()}; }

private:
    value_view(const void* at, const value_eyes* eyes) : at_{at}, eyes_{eyes} {}

    const void* at_;
    const value_eyes* eyes_;
};

} // namespace atrium::graphql::detail
