#pragma once

#include <map>
#include <stdexcept>
#include <typeindex>
#include <typeinfo>

namespace atrium::host {

/// Thrown if no module of this process offers an interface that another module uses. The text contains the name of the
/// interface.
class missing_interface : public std::logic_error {
public:
    explicit missing_interface(std::type_index type);
};

/// The interfaces that the modules of a process offer each other: one object for each interface, found by its type. Filled and
/// read while the server is built, on one thread. The objects must outlive this collection.
///
///     shared_interfaces.add<users::directory>(local_directory);
///     auto& directory = shared_interfaces.get<users::directory>();
class interfaces {
public:
    /// Throws std::logic_error if another module offers the same interface.
    template <class Interface>
    void add(Interface& object) {
        add(typeid(Interface), &object);
    }

    /// Null if no module offers this interface.
    template <class Interface>
    [[nodiscard]] Interface* find_interface() const noexcept {
        const auto found = objects_.find(typeid(Interface));
        return found == objects_.end() ? nullptr : static_cast<Interface*>(found->second);
    }

    /// Throws `missing_interface` if no module offers this interface; the server then does not start.
    template <class Interface>
    [[nodiscard]] Interface& get() const {
        if (auto* found = find_interface<Interface>())
            return *found;
        throw missing_interface{typeid(Interface)};
    }

private:
    void add(std::type_index type, void* object);

    std::map<std::type_index, void*> objects_;
};

} // namespace atrium::host
