#include <resource/service.hpp>

namespace atrium::resource {

error not_found(const entity::description& d) {
    return {.code = errc::not_found, .detail = "there is no such " + ascii_lower(d.name())};
}

error precondition_failed(const entity::description& d) {
    return {.code = errc::precondition_failed,
            .detail = "the " + ascii_lower(d.name()) + " is not in the state that the request requires; fetch it again"};
}

} // namespace atrium::resource
