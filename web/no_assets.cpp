// The empty list that replaces the embedded files if Atrium is built without pages.
#include <web/assets.hpp>

namespace atrium::web {

std::span<const asset> assets() noexcept {
    return {};
}

} // namespace atrium::web
