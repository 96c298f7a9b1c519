#include "recognition.hpp"

#include <access/requirement.hpp>
#include <auth/authorization.hpp>
#include <base/text.hpp>
#include <http/client_account.hpp>
#include <http/response.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace atrium::auth {
namespace {

constexpr std::string_view authorization_header = "Authorization";
constexpr std::string_view cookie_header = "Cookie";
constexpr std::string_view invalid_credential = "Bearer"; // a scheme without a token, which is always refused

std::optional<http::response> decide(const http::request& q, const http::route& r) {
    const auto allowed = access::check(q.principal.get(), r.requirement);
    return allowed ? std::nullopt : std::optional{http::problem(allowed.error())};
}

/// Whether the route must answer every client without delay.
bool is_health_check(const http::route& r) {
    return r.is_vital && r.requirement.is_open();
}

std::optional<http::response> decide_for_sender(const authority& a, const access::credentials& presented,
                                                const http::request& q, const http::route& r) {
    const auto allowed = access::check(q.principal.get(), r.requirement);
    if (allowed) [[likely]]
        return std::nullopt;
    return q.principal ? http::problem(allowed.error()) : refuse_credential(a, presented);
}

awaitable<std::optional<http::response>> authorize(authority& a, http::request& q, const http::route& r) {
    const auto presented = credentials_of(q);
    auto outcome = a.try_authenticate(presented);
    if (outcome)
        q.principal = *std::move(outcome);
    else if (!is_health_check(r))
        q.principal = co_await a.authenticate(presented);
    co_return decide_for_sender(a, presented, q, r);
}

awaitable<std::optional<http::response>> admit_everyone(http::request& q, const http::route& r) {
    q.principal = access::principal::anonymous();
    co_return decide(q, r);
}

} // namespace

/// Makes a single pass over the fields, because this is done for every request.
access::credentials credentials_of(const http::request& q) noexcept {
    access::credentials presented{.is_secure = q.is_secure};
    if (q.client)
        presented.address = static_cast<std::uint64_t>(q.client->address);
    bool has_authorization = false;
    for (const auto& each : q.headers.all()) {
        if (each.name.size() == authorization_header.size() && ascii_iequals(each.name, authorization_header)) {
            presented.authorization = has_authorization ? invalid_credential : each.value;
            has_authorization = true;
        } else if (each.name.size() == cookie_header.size() && presented.cookie.empty() &&
                   ascii_iequals(each.name, cookie_header)) {
            presented.cookie = each.value;
        }
    }
    return presented;
}

http::response refuse_credential(const authority& a, const access::credentials& presented) {
    const auto wait = a.find_wait(presented);
    if (!wait)
        return http::problem(no_credential());
    auto answer = http::problem(http::status::too_many_requests, "too many credentials of this address were refused");
    answer.set("Retry-After", std::to_string(wait->count()));
    return answer;
}

http::authorization make_authorization(authority& a) {
    if (a.mode() == mode::none)
        return admit_everyone;
    return [&a](http::request& q, const http::route& r) { return authorize(a, q, r); };
}

} // namespace atrium::auth
