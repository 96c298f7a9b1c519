#include "issuer.hpp"

namespace atrium::auth {

recognition issuer::recognize(std::string_view token, timestamp now, const access::credentials& presented,
                              refusal_limit& limit) {
    if (token.size() > jwt::max_size)
        return {.reason = refusal::malformed, .detail = "size"};
    const auto keys = keys_.current();
    const auto hash = digest_of(token);
    if (auto known = verified_.find(hash, keys->number, now))
        return {.principal = std::move(known)};
    if (limit.find_wait(presented))
        return {.reason = refusal::over_limit};
    auto outcome = jwt::recognize(token, keys->keys, rules_, now);
    if (outcome.principal)
        verified_.add(hash, keys->number, outcome.principal, now);
    return outcome;
}

} // namespace atrium::auth
