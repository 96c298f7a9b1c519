#include <support/enabled_modules.hpp>

#include <sstream>

namespace atrium::support {

std::string all_modules_but(std::string_view name) {
    std::istringstream names{ATRIUM_MODULES};
    std::string list;
    for (std::string module; names >> module;)
        if (module != name)
            list.append(list.empty() ? "" : ", ").append('"' + module + '"');
    return "modules.enabled=[" + list + "]";
}

} // namespace atrium::support
