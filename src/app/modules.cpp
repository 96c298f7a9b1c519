#include "modules.hpp"

#include <events/durable_bus.hpp>
#include <orders/module.hpp>
#include <users/module.hpp>

namespace atrium::app {

std::vector<host::description> compiled_modules() {
    return {users::describe(), orders::describe()};
}

std::vector<storage::schema> all_schemas() {
    std::vector<storage::schema> schemas{events::journal_schema()};
    for (const auto& module : compiled_modules())
        schemas.push_back({module.name, module.migrations});
    return schemas;
}

} // namespace atrium::app
