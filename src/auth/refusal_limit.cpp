#include "refusal_limit.hpp"

#include <string>

namespace atrium::auth {

void refusal_limit::count(const access::credentials& refused) {
    if (covers(refused))
        counter_.add(std::to_string(*refused.address), now_());
}

std::optional<std::chrono::seconds> refusal_limit::find_wait(const access::credentials& presented) {
    if (!covers(presented))
        return std::nullopt;
    const auto used = counter_.find(std::to_string(*presented.address), now_());
    return used.requests >= max_ ? std::optional{used.left} : std::nullopt;
}

} // namespace atrium::auth
