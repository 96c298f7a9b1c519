#include "trail.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::auth {
namespace {

constexpr const char* token_help = "Tokens that were created or revoked while this server ran";
constexpr const char* session_help = "Sessions of browsers that were begun, or were ended by their users or an administrator";

} // namespace

trail::trail(metrics::registry& metrics, logger log)
    : log_{std::move(log)}, created_{metrics.counter("atrium_auth_token_changes_total", token_help, {{"change", "created"}})},
      revoked_{metrics.counter("atrium_auth_token_changes_total", token_help, {{"change", "revoked"}})},
      begun_{metrics.counter("atrium_auth_session_changes_total", session_help, {{"change", "begun"}})},
      ended_{metrics.counter("atrium_auth_session_changes_total", session_help, {{"change", "ended"}})},
      tokens_{metrics.gauge("atrium_auth_tokens", "Tokens that are valid")},
      sessions_{metrics.gauge("atrium_auth_sessions", "Sessions of browsers")} {
    for (const auto reason : all_refusals)
        reasons_.emplace(reason,
                         reason_record{metrics.counter("atrium_auth_refused_total", "Credentials that were refused, by reason",
                                                       {{"reason", std::string{name_of(reason)}}}),
                                       throttle{10, std::chrono::minutes{1}}});
}

void trail::record_refusal(const recognition& r) {
    if (r.reason == refusal::missing)
        return;
    std::optional<std::uint64_t> held_back;
    {
        const std::lock_guard lock{mutex_};
        const auto found = reasons_.find(r.reason);
        if (found == reasons_.end())
            return;
        found->second.count.increment();
        held_back = found->second.lines.pass();
    }
    if (!held_back)
        return;
    std::vector<log_field> facts{{"reason", name_of(r.reason)}};
    if (!r.detail.empty())
        facts.emplace_back("detail", r.detail);
    if (!r.name.empty())
        facts.emplace_back("principal", r.name);
    if (*held_back > 0)
        facts.emplace_back("lines_held_back", *held_back);
    log_.warning("a credential was refused", std::move(facts));
}

void trail::record_token_creation(const token_row& row) {
    created_.increment();
    std::vector<log_field> facts{{"token", row.name}, {"scopes", join_scopes(row.scopes)}, {"actor", row.created_by}};
    if (row.expires)
        facts.emplace_back("expires", to_rfc3339(*row.expires));
    log_.info("a token was created", std::move(facts));
}

void trail::record_token_revocation(const token_row& row) {
    revoked_.increment();
    log_.info("a token was revoked", {{"token", row.name}, {"actor", row.revoked_by}});
}

void trail::record_session_begin(std::string_view principal, std::string_view credential) {
    begun_.increment();
    log_.info("a session was begun", {{"principal", principal}, {"with", credential}});
}

void trail::record_session_end(std::string_view principal, std::string_view actor) {
    ended_.increment();
    log_.info("a session was ended", {{"principal", principal}, {"actor", actor}});
}

void trail::show_counts(std::size_t tokens, std::size_t sessions) const {
    tokens_.set(static_cast<double>(tokens));
    sessions_.set(static_cast<double>(sessions));
}

} // namespace atrium::auth
