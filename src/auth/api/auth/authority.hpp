#pragma once

#include <access/authenticator.hpp>
#include <auth/sessions.hpp>
#include <auth/settings.hpp>
#include <auth/tokens.hpp>
#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/log.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::auth {

/// The parts that an `authority` uses. The database, `time` and `metrics` must outlive it.
struct authority_parts {
    storage::database& database;
    const clock& time;
    metrics::registry& metrics;
    logger log;
    /// The steady clock. A test may replace it.
    std::function<std::chrono::steady_clock::time_point()> steady_now = [] { return std::chrono::steady_clock::now(); };
    /// The path of a PEM file with certificate authorities that may sign the TLS certificate of the issuer, in addition to the
    /// authorities of the system. Empty if there is no such file.
    std::string trust = {};
};

/// A session that has just begun.
struct begun_session {
    std::string secret; ///< the value of the cookie
    std::shared_ptr<const access::principal> principal;
};

/// Determines which principal presents credentials: tokens and sessions of this server, and JSON Web Tokens of an issuer. Can
/// be used on any thread, unless the comment of a function has another rule.
class authority final : public access::authenticator {
public:
    /// Throws std::runtime_error, whose text is for the person who starts the server, if the file with the keys of the issuer
    /// cannot be used.
    authority(const settings& s, authority_parts p);
    ~authority() override;
    authority(const authority&) = delete;
    authority& operator=(const authority&) = delete;

    /// Reads the tokens and sessions, and starts to keep them up to date. Call it after the start of the database and before
    /// the first request.
    void start();
    /// Stops keeping the credentials up to date, and resumes the requests that wait for newer keys of the issuer. Call it while
    /// the threads of these requests still run, and before the database is closed. Idempotent.
    void stop();

    [[nodiscard]] auth::mode mode() const noexcept;

    [[nodiscard]] awaitable<std::shared_ptr<const access::principal>> authenticate(access::credentials presented) override;

    /// Like `authenticate`, but not a coroutine. Returns std::nullopt if the keys of the issuer may have to be refreshed first:
    /// then call `authenticate`.
    [[nodiscard]] std::optional<std::shared_ptr<const access::principal>> try_authenticate(access::credentials presented);

    /// How long the sender of a refused credential must wait, because too many credentials from its address were refused
    /// (`settings::refusals`). Empty if the sender need not wait.
    [[nodiscard]] std::optional<std::chrono::seconds> find_wait(const access::credentials& presented) const;

    // Tokens. The functions that change a token log the change. `actor` is the name of the principal that makes it. Errors:
    // those of the functions in <auth/tokens.hpp>; unavailable.

    /// Must not be called if the mode is `none`, because any client could then create a token and use it in another mode.
    [[nodiscard]] awaitable<result<issued_token>> create_token(token_request request, std::string actor);
    [[nodiscard]] awaitable<result<token_row>> revoke_token(std::string name, std::string actor);
    [[nodiscard]] awaitable<result<std::vector<token_row>>> list_tokens();

    // Sessions of browsers.

    /// Begins a session with the scopes of a token or JSON Web Token. The session ends when that credential ends, and after
    /// `settings::session` at the latest. Errors: unauthenticated (also if `credential` is the secret of a session),
    /// unavailable.
    /// @param address the address of the client, as in `access::credentials`
    [[nodiscard]] awaitable<result<begun_session>> begin_session(std::string credential,
                                                                 std::optional<std::uint64_t> address = {});
    /// Ends the session to which the cookie in `presented` belongs. Does nothing if there is no such session.
    [[nodiscard]] awaitable<result<>> end_session(access::credentials presented);
    /// Ends any session on behalf of an administrator, `actor`. Errors: not_found; unavailable.
    [[nodiscard]] awaitable<result<>> end_session(session_id id, std::string actor);
    /// The sessions that have not expired, in the order of their ids.
    [[nodiscard]] std::vector<session_row> list_sessions() const;

    /// The code of the link with which the first administrator begins a session. Empty if `start` has found a valid token, or
    /// if the mode is `none`. The code is valid once, for `code_lifetime`. Call this function after `start`.
    [[nodiscard]] const std::optional<std::string>& first_code() const noexcept;
    static constexpr std::chrono::minutes code_lifetime{30};
    /// Begins the session of the first administrator. Errors: unauthenticated (the code is wrong, used or too old),
    /// unavailable.
    [[nodiscard]] awaitable<result<begun_session>> begin_first_session(std::string code);

    /// How long a session lasts at most.
    [[nodiscard]] std::chrono::milliseconds session_lifetime() const noexcept;
    [[nodiscard]] timestamp now() const;

private:
    struct impl;
    struct code_loan;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::auth
