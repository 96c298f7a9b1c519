#include "live_credentials.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace atrium::auth {
namespace {

std::int64_t minute_of(timestamp when) {
    return std::chrono::floor<std::chrono::minutes>(when.time_since_epoch()).count();
}

std::optional<access::principal::time_point> to_time_point(const std::optional<timestamp>& when) {
    return when ? std::optional<access::principal::time_point>{*when} : std::nullopt;
}

} // namespace

live_credentials::token::token(table::stored_token s, std::shared_ptr<access::validity> v)
    : stored{std::move(s)}, valid{std::move(v)}, who{std::make_shared<const access::principal>(
                                                     "token:" + stored.row.name, stored.row.scopes,
                                                     to_time_point(stored.row.expires), valid)} {}

recognition live_credentials::find_token(const digest& d, timestamp now) const {
    const std::shared_lock lock{mutex_};
    const auto found = tokens_.find(d);
    if (found == tokens_.end())
        return {.why = refusal::unknown};
    auto& known = *found->second;
    if (!known.who->is_valid(now)) [[unlikely]]
        return {.why = known.stored.row.revoked ? refusal::revoked : refusal::expired, .name = known.who->name()};
    if (const auto minute = minute_of(now); known.used_minute.load(std::memory_order_relaxed) != minute)
        known.used_minute.store(minute, std::memory_order_relaxed);
    return {.who = known.who, .token = known.stored.row.id};
}

recognition live_credentials::find_session(const digest& d, timestamp now) const {
    const std::shared_lock lock{mutex_};
    const auto found = sessions_.find(d);
    if (found == sessions_.end())
        return {.why = refusal::unknown};
    if (!found->second.who->is_valid(now)) [[unlikely]]
        return {.why = refusal::expired, .name = found->second.who->name()};
    return {.who = found->second.who};
}

bool live_credentials::has_valid_token(timestamp now) const {
    return token_count(now) > 0;
}

/// The entry of a token: the known one if it has not changed, else a new one that shares its validity.
std::shared_ptr<live_credentials::token> live_credentials::renewed(table::stored_token&& row, changes& found) const {
    const auto known = tokens_.find(row.hash);
    if (known == tokens_.end()) {
        auto made = std::make_shared<token>(std::move(row), std::make_shared<access::validity>());
        if (made->stored.row.revoked)
            made->valid->revoke();
        else
            found.created.push_back(made->stored.row);
        return made;
    }
    auto& before = known->second;
    if (!row.row.revoked || before->stored.row.revoked)
        return before;
    before->valid->revoke();
    found.revoked.push_back(row.row);
    return std::make_shared<token>(std::move(row), before->valid);
}

live_credentials::changes live_credentials::replace_tokens(std::vector<table::stored_token> tokens, std::int64_t number,
                                                           timestamp now) {
    changes found;
    const std::lock_guard lock{mutex_};
    if (number <= change_number_)
        return found;
    by_digest<std::shared_ptr<token>> renewed_tokens;
    renewed_tokens.reserve(tokens.size());
    for (auto& each : tokens) {
        auto made = renewed(std::move(each), found);
        const auto hash = made->stored.hash;
        renewed_tokens.emplace(hash, std::move(made));
    }
    for (const auto& [hash, before] : tokens_)
        if (!renewed_tokens.contains(hash) && before->who->is_valid(now)) {
            before->valid->revoke();
            found.revoked.push_back(before->stored.row);
        }
    tokens_ = std::move(renewed_tokens);
    if (std::exchange(change_number_, number) < 0)
        found.created.clear(); // they are not new
    for (const auto& each : found.revoked)
        end_sessions_of(each.id);
    return found;
}

std::int64_t live_credentials::change_number() const {
    const std::shared_lock lock{mutex_};
    return change_number_;
}

std::shared_ptr<const access::principal> live_credentials::add_session(const table::stored_session& s) {
    auto valid = std::make_shared<access::validity>();
    auto who = std::make_shared<const access::principal>(s.principal, s.scopes, s.expires, valid);
    const std::lock_guard lock{mutex_};
    if (sessions_.size() >= max_sessions)
        end_oldest_session();
    sessions_.insert_or_assign(s.hash, session{s, std::move(valid), who});
    return who;
}

std::optional<table::session_id> live_credentials::remove_session(const digest& d) {
    const std::lock_guard lock{mutex_};
    const auto found = sessions_.find(d);
    if (found == sessions_.end())
        return std::nullopt;
    found->second.valid->revoke();
    const auto id = found->second.stored.id;
    sessions_.erase(found);
    return id;
}

void live_credentials::remove_expired_sessions(timestamp now) {
    const std::lock_guard lock{mutex_};
    std::erase_if(sessions_, [&](const auto& each) { return !each.second.who->is_valid(now); });
}

std::size_t live_credentials::token_count(timestamp now) const {
    const std::shared_lock lock{mutex_};
    return static_cast<std::size_t>(
        std::ranges::count_if(tokens_, [&](const auto& each) { return each.second->who->is_valid(now); }));
}

std::size_t live_credentials::session_count() const {
    const std::shared_lock lock{mutex_};
    return sessions_.size();
}

std::vector<std::pair<token_id, timestamp>> live_credentials::take_uses() {
    std::vector<std::pair<token_id, timestamp>> uses;
    const std::shared_lock lock{mutex_};
    for (const auto& [hash, each] : tokens_) {
        const auto used = each->used_minute.load(std::memory_order_relaxed);
        if (each->written_minute.exchange(used, std::memory_order_relaxed) != used)
            uses.emplace_back(each->stored.row.id, timestamp{std::chrono::minutes{used}});
    }
    return uses;
}

/// Called with the mutex.
void live_credentials::end_sessions_of(token_id ended) {
    std::erase_if(sessions_, [&](const auto& each) {
        const bool is_ended = each.second.stored.token == ended;
        if (is_ended)
            each.second.valid->revoke();
        return is_ended;
    });
}

/// Called with the mutex.
void live_credentials::end_oldest_session() {
    const auto oldest = std::ranges::min_element(sessions_, {}, [](const auto& each) {
        return std::pair{each.second.stored.created, each.second.stored.id};
    });
    oldest->second.valid->revoke();
    sessions_.erase(oldest);
}

} // namespace atrium::auth
