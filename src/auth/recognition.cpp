#include "recognition.hpp"

#include <access/requirement.hpp>

#include <algorithm>
#include <chrono>

namespace atrium::auth {

std::string_view name_of(refusal reason) noexcept {
    switch (reason) {
    case refusal::none: return "none";
    case refusal::missing: return "missing";
    case refusal::malformed: return "malformed";
    case refusal::unknown: return "unknown";
    case refusal::expired: return "expired";
    case refusal::revoked: return "revoked";
    case refusal::bad_algorithm: return "bad_algorithm";
    case refusal::unknown_key: return "unknown_key";
    case refusal::bad_signature: return "bad_signature";
    case refusal::bad_claims: return "bad_claims";
    case refusal::over_limit: return "limited";
    }
    return {};
}

error no_credential() {
    return access::check(nullptr, access::requirement::any_principal()).error();
}

access::principal::time_point to_time_point(timestamp when) noexcept {
    using time_point = access::principal::time_point;
    const auto latest = std::chrono::floor<std::chrono::milliseconds>(time_point::max());
    return time_point{std::min<timestamp>(when, latest)};
}

} // namespace atrium::auth
