#include <host/interfaces.hpp>

#include <boost/core/demangle.hpp>

#include <string>

namespace atrium::host {
namespace {

std::string name_of(std::type_index type) {
    return boost::core::demangle(type.name());
}

} // namespace

missing_interface::missing_interface(std::type_index type)
    : std::logic_error{"no module of this process offers " + name_of(type) +
                       "; the module that uses it must list the module that offers it in the `needs` of its entry"} {}

void interfaces::add(std::type_index type, void* object) {
    if (!objects_.emplace(type, object).second)
        throw std::logic_error{"two modules of this process offer " + name_of(type) + "; only one of them may"};
}

} // namespace atrium::host
