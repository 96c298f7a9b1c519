#pragma once

#include <cstddef>
#include <memory>

namespace atrium {

/// The offset of a member in its class, in bytes. No object is created, so the class needs no default constructor.
template <class Class, class T>
[[nodiscard]] std::size_t offset_of(T Class::* member) {
    alignas(Class) static std::byte storage[sizeof(Class)];
    const auto* object = reinterpret_cast<const Class*>(storage);
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(std::addressof(object->*member)) - storage);
}

} // namespace atrium
