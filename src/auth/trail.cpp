#include "trail.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::auth {
namespace {

constexpr const char* token_help = "Tokens that were created or revoked while this server ran";
constexpr const char* session_help = "Sessions of browsers that were begun, and ended by their users or an administrator";

} // namespace

trail::trail(metrics::registry& metrics, logger log)
    : log_{std::move(log)}, created_{metrics.counter("atrium_auth_token_changes_total", token_help, {{"change", "created"}})},
      revoked_{metrics.counter("atrium_auth_token_changes_total", token_help, {{"change", "revoked"}})},
      begun_{metrics.counter("atrium_auth_session_changes_total", session_help, {{"change", "begun"}})},
      ended_{metrics.counter("atrium_auth_session_changes_total", session_help, {{"change", "ended"}})},
      tokens_{metrics.gauge("atrium_auth_tokens", "Tokens that are valid")},
      sessions_{metrics.gauge("atrium_auth_sessions", "Sessions of browsers")} {
    for (const auto why : all_refusals)
        reasons_.emplace(why, reason{metrics.counter("atrium_auth_refused_total", "Credentials that were refused, by reason",
                                                     {{"reason", std::string{name_of(why)}}}),
                                     throttle{10, std::chrono::minutes{1}}});
}

void trail::refused(const recognition& r) {
    if (r.why == refusal::missing)
        return;
    std::optional<std::uint64_t> held_back;
    {
        const std::lock_guard lock{mutex_};
        const auto found = reasons_.find(r.why);
        if (found == reasons_.end())
            return;
        found->second.count.increment();
        held_back = found->second.lines.pass();
    }
    if (!held_back)
        return;
    std::vector<log_field> facts{{"reason", name_of(r.why)}};
    if (!r.detail.empty())
        facts.emplace_back("detail", r.detail);
    if (!r.name.empty())
        facts.emplace_back("principal", r.name);
    if (*held_back > 0)
        facts.emplace_back("lines_held_back", *held_back);
    log_.warning("a credential was refused", std::move(facts));
}

void trail::token_created(const token_row& row) {
    created_.increment();
    std::vector<log_field> facts{{"token", row.name}, {"scopes", join_scopes(row.scopes)}, {"actor", row.created_by}};
    if (row.expires)
        facts.emplace_back("expires", to_rfc3339(*row.expires));
    log_.info("a token was created", std::move(facts));
}

void trail::token_revoked(const token_row& row) {
    revoked_.increment();
    log_.info("a token was revoked", {{"token", row.name}, {"actor", row.revoked_by}});
}

void trail::session_begun(std::string_view principal, std::string_view how) {
    begun_.increment();
    log_.info("a session was begun", {{"principal", principal}, {"with", how}});
}

void trail::session_ended(std::string_view principal, std::string_view actor) {
    ended_.increment();
    log_.info("a session was ended", {{"principal", principal}, {"actor", actor}});
}

void trail::show_counts(std::size_t tokens, std::size_t sessions) const {
    tokens_.set(static_cast<double>(tokens));
    sessions_.set(static_cast<double>(sessions));
}

} // namespace atrium::auth
