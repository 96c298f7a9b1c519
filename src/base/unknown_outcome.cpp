#include <base/unknown_outcome.hpp>

namespace atrium {

bool is_unknown_outcome(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const unknown_outcome&) {
        return true;
    } catch (...) {
        return false;
    }
}

} // namespace atrium
