#include "registry.hpp"

#include "module_headers.hpp" // made by CMake: <NAME/module.hpp> of each folder of modules/

#include <events/durable_bus.hpp>

namespace atrium::app {

std::span<const host::module_entry> registered_modules() {
    static const host::module_entry modules[] = {
        users::entry(),
        orders::entry(),
    };
    return modules;
}

std::vector<storage::schema> all_schemas() {
    std::vector<storage::schema> schemas{events::journal_schema()};
    for (const auto& module : registered_modules())
        schemas.push_back({module.description.name, module.description.migrations});
    return schemas;
}

} // namespace atrium::app
