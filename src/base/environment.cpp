#include <base/environment.hpp>

#include <cstdlib>

namespace atrium {

std::string_view environment_variable(const char* name) noexcept {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing calls setenv(3)
    return value ? value : "";
}

} // namespace atrium
