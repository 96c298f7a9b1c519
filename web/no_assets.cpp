// What stands in for the pages where Atrium is built without them.
#include <web/assets.hpp>

namespace atrium::web {

std::span<const asset> assets() noexcept {
    return {};
}

} // namespace atrium::web
