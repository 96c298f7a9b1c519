#pragma once

#include "credential_tables.hpp"
#include "recognition.hpp"

#include <access/principal.hpp>
#include <base/clock.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace atrium::auth {

/// Keeps the tokens and sessions of the database in memory, where all workers look them up by their digests. A look-up
/// allocates no memory and never waits for the disk. Any thread.
class live_credentials {
public:
    /// The changes that a reload has found, for the log.
    struct changes {
        std::vector<token_row> created;
        std::vector<token_row> revoked; ///< also tokens that were removed while they were valid
    };

    [[nodiscard]] recognition find_token(const digest& d, timestamp now) const;
    [[nodiscard]] recognition find_session(const digest& d, timestamp now) const;
    [[nodiscard]] bool has_valid_token(timestamp now) const;

    /// Replaces the tokens with those of the database, unless newer ones are known already. The principals of tokens that
    /// were revoked or removed, and of the sessions that were begun with these tokens, become invalid. The first call reports
    /// no changes.
    /// @param change_number the number that `table::read_change_number` has read together with the tokens
    changes replace_tokens(std::vector<table::stored_token> tokens, std::int64_t change_number, timestamp now);
    /// The change number of the tokens that are known now; -1 before the first reload.
    [[nodiscard]] std::int64_t change_number() const;

    /// Adds a session and returns its principal. If the principal of the session then has more than `max_sessions_each`
    /// sessions, the oldest one ends. Does not check `max_sessions`.
    /// @param credential the principal that signs in; null for a session that the link for the first administrator begins, and
    /// for a session that was read from the database. If this principal is no longer valid, adds no session and returns null.
    std::shared_ptr<const access::principal> add_session(const table::stored_session& session,
                                                         const access::principal* credential, timestamp now);
    /// Ends a session: its principal becomes invalid. Returns its principal's name; empty if there is no such session.
    std::string remove_session(const digest& d);
    std::string remove_session(session_id id);
    /// The sessions that have not expired, in the order of their ids.
    [[nodiscard]] std::vector<session_row> list_sessions(timestamp now) const;
    void remove_expired_sessions(timestamp now);

    [[nodiscard]] std::size_t token_count(timestamp now) const; ///< the number of valid tokens
    [[nodiscard]] std::size_t session_count() const;

    /// The tokens that were used since the last call, with the time of the last use to the minute.
    [[nodiscard]] std::vector<std::pair<token_id, timestamp>> take_uses();

    /// Makes the principal of a token, and those of the sessions that were begun with it, invalid immediately, without waiting
    /// for the next reload.
    void revoke(token_id revoked);

    static constexpr std::size_t max_sessions =
        10'000; ///< for all principals together; the caller of `add_session` refuses further sessions
    static constexpr std::size_t max_sessions_each = 20;

private:
    struct token {
        token(table::stored_token s, std::shared_ptr<access::validity> v);

        const table::stored_token stored;
        const std::shared_ptr<access::validity> validity;
        const std::shared_ptr<const access::principal> principal;
        std::atomic<std::int64_t> used_minute = 0;     ///< the minute of the last use, counted from 1970
        std::atomic<std::int64_t> reported_minute = 0; ///< the latest minute that `take_uses` has returned
    };
    struct session {
        table::stored_session stored;
        std::shared_ptr<access::validity> validity;
        std::shared_ptr<const access::principal> principal;
    };
    template <class T>
    using by_digest = std::unordered_map<digest, T, digest_hash>;

    std::shared_ptr<token> find_or_create_entry(table::stored_token&& incoming, changes& report) const;
    changes replace_only_tokens(std::vector<table::stored_token> tokens, std::int64_t change_number, timestamp now);
    template <class Condition>
    void end_sessions_if(Condition condition);
    std::string end_session(by_digest<session>::iterator ended);

    mutable std::shared_mutex mutex_; ///< guards the following members
    by_digest<std::shared_ptr<token>> tokens_;
    by_digest<session> sessions_;
    std::unordered_map<std::string, std::vector<digest>> by_principal_; ///< digests of sessions, the oldest first
    std::int64_t change_number_ = -1;
};

} // namespace atrium::auth
