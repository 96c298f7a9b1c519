#include <base/unknown_outcome.hpp>

namespace atrium {

bool is_unknown_outcome(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const unknown_outcome&) {
        return true;
    } catch (...) {
        return false;
    }
}

} // namespace atrium
