#include "live_credentials.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace atrium::auth {
namespace {

std::int64_t minute_of(timestamp when) {
    return std::chrono::floor<std::chrono::minutes>(when.time_since_epoch()).count();
}

} // namespace

live_credentials::token::token(table::stored_token s, std::shared_ptr<access::validity> v)
    : stored{std::move(s)}, validity{std::move(v)},
      principal{std::make_shared<const access::principal>(
          "token:" + stored.row.name, stored.row.scopes,
          stored.row.expires ? std::optional{to_time_point(*stored.row.expires)} : std::nullopt, validity)} {}

recognition live_credentials::find_token(const digest& d, timestamp now) const {
    const std::shared_lock lock{mutex_};
    const auto found = tokens_.find(d);
    if (found == tokens_.end())
        return {.reason = refusal::unknown};
    auto& known = *found->second;
    if (!known.principal->is_valid(now)) [[unlikely]]
        return {.reason = known.stored.row.revoked ? refusal::revoked : refusal::expired, .name = known.principal->name()};
    if (const auto minute = minute_of(now); known.used_minute.load(std::memory_order_relaxed) != minute)
        known.used_minute.store(minute, std::memory_order_relaxed);
    return {.principal = known.principal, .token = known.stored.row.id};
}

recognition live_credentials::find_session(const digest& d, timestamp now) const {
    const std::shared_lock lock{mutex_};
    const auto found = sessions_.find(d);
    if (found == sessions_.end())
        return {.reason = refusal::unknown};
    if (!found->second.principal->is_valid(now)) [[unlikely]]
        return {.reason = refusal::expired, .name = found->second.principal->name()};
    return {.principal = found->second.principal};
}

bool live_credentials::has_valid_token(timestamp now) const {
    return token_count(now) > 0;
}

/// Returns the entry for a token that was read from the database: a new entry if the token is unknown, otherwise the known
/// entry. But if the token was revoked after it became known, returns a new entry that shares the validity of the known entry.
std::shared_ptr<live_credentials::token> live_credentials::find_or_create_entry(table::stored_token&& incoming,
                                                                                changes& report) const {
    const auto known = tokens_.find(incoming.hash);
    if (known == tokens_.end()) {
        auto entry = std::make_shared<token>(std::move(incoming), std::make_shared<access::validity>());
        if (entry->stored.row.revoked)
            entry->validity->revoke();
        else
            report.created.push_back(entry->stored.row);
        return entry;
    }
    auto& before = known->second;
    if (!incoming.row.revoked || before->stored.row.revoked)
        return before;
    before->validity->revoke();
    report.revoked.push_back(incoming.row);
    return std::make_shared<token>(std::move(incoming), before->validity);
}

live_credentials::changes live_credentials::replace_tokens(std::vector<table::stored_token> tokens, std::int64_t number,
                                                           timestamp now) {
    auto report = replace_only_tokens(std::move(tokens), number, now);
    for (const auto& each : report.revoked)
        end_sessions_if([&](const session& s) { return s.stored.token == each.id; });
    return report;
}

/// Does the same as `replace_tokens`, except that it ends no sessions.
live_credentials::changes live_credentials::replace_only_tokens(std::vector<table::stored_token> tokens, std::int64_t number,
                                                                timestamp now) {
    changes report;
    const std::lock_guard lock{mutex_};
    if (number <= change_number_)
        return report;
    by_digest<std::shared_ptr<token>> renewed_tokens;
    renewed_tokens.reserve(tokens.size());
    for (auto& each : tokens) {
        auto entry = find_or_create_entry(std::move(each), report);
        const auto hash = entry->stored.hash;
        renewed_tokens.emplace(hash, std::move(entry));
    }
    for (const auto& [hash, before] : tokens_)
        if (!renewed_tokens.contains(hash) && before->principal->is_valid(now)) {
            before->validity->revoke();
            report.revoked.push_back(before->stored.row);
        }
    tokens_ = std::move(renewed_tokens);
    if (std::exchange(change_number_, number) < 0)
        report.created.clear(); // the first call reads the existing tokens, so none of them counts as created
    return report;
}

std::int64_t live_credentials::change_number() const {
    const std::shared_lock lock{mutex_};
    return change_number_;
}

std::shared_ptr<const access::principal> live_credentials::add_session(const table::stored_session& s,
                                                                       const access::principal* credential, timestamp now) {
    auto validity = std::make_shared<access::validity>();
    auto principal = std::make_shared<const access::principal>(s.principal, s.scopes, to_time_point(s.expires), validity);
    const std::lock_guard lock{mutex_};
    if (credential && !credential->is_valid(now))
        return nullptr;
    auto& own = by_principal_[s.principal];
    own.push_back(s.hash);
    sessions_.insert_or_assign(s.hash, session{s, std::move(validity), principal});
    if (own.size() > max_sessions_each)
        end_session(sessions_.find(own.front()));
    return principal;
}

std::string live_credentials::remove_session(const digest& d) {
    const std::lock_guard lock{mutex_};
    const auto found = sessions_.find(d);
    return found == sessions_.end() ? std::string{} : end_session(found);
}

std::string live_credentials::remove_session(session_id id) {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find_if(sessions_, [&](const auto& each) { return each.second.stored.id == id; });
    return found == sessions_.end() ? std::string{} : end_session(found);
}

std::vector<session_row> live_credentials::list_sessions(timestamp now) const {
    std::vector<session_row> rows;
    {
        const std::shared_lock lock{mutex_};
        for (const auto& [hash, each] : sessions_)
            if (const auto& s = each.stored; each.principal->is_valid(now))
                rows.push_back({s.id, s.principal, s.scopes, s.created, s.expires});
    }
    std::ranges::sort(rows, {}, [](const session_row& row) { return row.id.value; });
    return rows;
}

void live_credentials::remove_expired_sessions(timestamp now) {
    end_sessions_if([&](const session& each) { return !each.principal->is_valid(now); });
}

std::size_t live_credentials::token_count(timestamp now) const {
    const std::shared_lock lock{mutex_};
    return static_cast<std::size_t>(
        std::ranges::count_if(tokens_, [&](const auto& each) { return each.second->principal->is_valid(now); }));
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
        if (each->reported_minute.exchange(used, std::memory_order_relaxed) != used)
            uses.emplace_back(each->stored.row.id, timestamp{std::chrono::minutes{used}});
    }
    return uses;
}

void live_credentials::revoke(token_id revoked) {
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [hash, each] : tokens_)
            if (each->stored.row.id == revoked)
                each->validity->revoke();
    }
    end_sessions_if([&](const session& each) { return each.stored.token == revoked; });
}

template <class Condition>
void live_credentials::end_sessions_if(Condition condition) {
    const std::lock_guard lock{mutex_};
    for (auto each = sessions_.begin(); each != sessions_.end();) {
        const auto current = each++;
        if (condition(current->second))
            end_session(current);
    }
}

/// The caller must hold the mutex. Returns the name of the session's principal.
std::string live_credentials::end_session(by_digest<session>::iterator ended) {
    ended->second.validity->revoke();
    auto name = ended->second.stored.principal;
    const auto own = by_principal_.find(ended->second.stored.principal);
    std::erase(own->second, ended->first);
    if (own->second.empty())
        by_principal_.erase(own);
    sessions_.erase(ended);
    return name;
}

} // namespace atrium::auth
