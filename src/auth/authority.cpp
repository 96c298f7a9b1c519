#include "credential_tables.hpp"
#include "credential_text.hpp"
#include "issuer.hpp"
#include "keeper.hpp"
#include "live_credentials.hpp"
#include "recognition.hpp"
#include "refusal_limit.hpp"
#include "trail.hpp"

#include <access/session_cookie.hpp>
#include <auth/authority.hpp>
#include <auth/secret.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace atrium::auth {
namespace {

/// The principal of the session that the link for the first administrator begins.
constexpr std::string_view first_administrator = "session:first-administrator";

/// The code that `begin_first_session` accepts once.
struct sign_in_code {
    digest hash;
    timestamp expires;
};

} // namespace

struct authority::impl {
    impl(const settings& s, authority_parts p)
        : configured{s}, time{p.time}, store{p.database, std::string{owner}}, trail{p.metrics, p.log},
          refusals{s.refusals, p.steady_now}, jwt{make_issuer(s, p)},
          keeper{{.store = store,
                  .time = time,
                  .live = live,
                  .trail = trail,
                  .keys = jwt ? &jwt->keys() : nullptr,
                  .issuer = jwt ? std::optional{s.jwt.issuer} : std::nullopt,
                  .mode = name_of(s.mode),
                  .history = s.history,
                  .log = p.log,
                  .steady_now = p.steady_now}} {}

    static std::unique_ptr<issuer> make_issuer(const settings& s, const authority_parts& p) {
        if (s.mode != mode::jwt)
            return nullptr;
        return std::make_unique<issuer>(s.jwt, issuer_keys::parts{p.time, p.metrics, p.log, p.steady_now, p.trust});
    }

    [[nodiscard]] recognition recognize(const access::credentials& presented, timestamp now);
    [[nodiscard]] recognition recognize_bearer(std::string_view credential, const access::credentials& presented,
                                               timestamp now);
    void refuse(const recognition& outcome, const access::credentials& presented);
    [[nodiscard]] awaitable<recognition> recognize_patiently(access::credentials presented);
    [[nodiscard]] awaitable<result<begun_session>> store_session(table::stored_session session,
                                                                 std::shared_ptr<const access::principal> credential);
    [[nodiscard]] awaitable<> apply_token_change();
    [[nodiscard]] std::optional<sign_in_code> take_code(std::string_view presented);

    const settings configured;
    const clock& time;
    const storage::store store;
    auth::trail trail;
    refusal_limit refusals;
    live_credentials live;
    const std::unique_ptr<issuer> jwt; ///< null unless JSON Web Tokens are accepted
    auth::keeper keeper;
    std::optional<std::string> first_code; ///< set by `start`

    std::mutex mutex; ///< guards the following member
    std::optional<sign_in_code> code;
};

recognition authority::impl::recognize_bearer(std::string_view credential, const access::credentials& presented,
                                              timestamp now) {
    if (credential.size() == secret_size)
        return live.find_token(digest_of(credential), now);
    if (jwt && jwt::has_form(credential))
        return jwt->recognize(credential, now, presented, refusals);
    return {.reason = refusal::malformed};
}

recognition authority::impl::recognize(const access::credentials& presented, timestamp now) {
    if (!presented.authorization.empty())
        if (const auto bearer = find_bearer(presented.authorization))
            return recognize_bearer(*bearer, presented, now);
    if (!presented.cookie.empty())
        if (const auto cookie = find_cookie(presented.cookie, access::cookie_name(presented.is_secure)))
            return cookie->size() == secret_size ? live.find_session(digest_of(*cookie), now)
                                                 : recognition{.reason = refusal::malformed};
    return {.reason = refusal::missing};
}

void authority::impl::refuse(const recognition& outcome, const access::credentials& presented) {
    trail.record_refusal(outcome);
    if (outcome.reason != refusal::missing && outcome.reason != refusal::over_limit)
        refusals.count(presented);
}

/// Like `recognize`, but waits for newer keys of the issuer if a JSON Web Token names an unknown key.
awaitable<recognition> authority::impl::recognize_patiently(access::credentials presented) {
    auto outcome = recognize(presented, time.now());
    if (outcome.reason == refusal::unknown_key) {
        const bool has_refreshed = co_await jwt->request_newer_keys();
        if (has_refreshed)
            outcome = recognize(presented, time.now());
    }
    if (!outcome.principal)
        refuse(outcome, presented);
    co_return outcome;
}

/// Applies a change of the tokens to the live credentials immediately, and logs it. If the database cannot be read now, the
/// keeper does this later.
awaitable<> authority::impl::apply_token_change() {
    try {
        co_await keeper.reload_tokens();
    } catch (const storage::outage&) { // ignored: the keeper reads the tokens again later
    }
}

/// Stores a session and adds it to the live credentials, unless its credential was revoked in the meantime.
/// @param credential the principal of the credential that begins the session; null for the link for the first administrator
awaitable<result<begun_session>> authority::impl::store_session(table::stored_session session,
                                                                std::shared_ptr<const access::principal> credential) {
    if (live.session_count() >= live_credentials::max_sessions)
        co_return error{
            .code = errc::unavailable, .detail = "too many people are signed in", .retry_after = std::chrono::minutes{1}};
    auto secret = make_secret();
    session.hash = digest_of(secret);
    session.created = time.now();
    const auto stored = co_await store.write([&](storage::transaction& t) -> result<session_id> {
        const auto id = table::insert_session(t, session, live_credentials::max_sessions_each);
        return id ? result<session_id>{*id} : no_credential();
    });
    if (!stored)
        co_return stored.error();
    session.id = *stored;
    auto principal = live.add_session(session, credential.get(), time.now());
    if (!principal)
        co_return no_credential();
    trail.record_session_begin(session.principal, credential ? "token" : "first link");
    co_return begun_session{std::move(secret), std::move(principal)};
}

/// Takes the code of the link for the first administrator, if it is equal to the presented code and not too old. The code can
/// be taken only once, and not after a valid token has been created.
std::optional<sign_in_code> authority::impl::take_code(std::string_view presented) {
    const std::lock_guard lock{mutex};
    if (live.has_valid_token(time.now()))
        code.reset();
    if (!code || presented.size() != secret_size || code->hash != digest_of(presented) || time.now() >= code->expires)
        return std::nullopt;
    return std::exchange(code, std::nullopt);
}

/// Holds the code of the link for the first administrator while the session that it begins is stored. If the session could not
/// be stored, the destructor makes the code valid again.
struct authority::code_loan {
    impl& lender;
    std::optional<sign_in_code> code;

    ~code_loan() {
        if (!code)
            return;
        const std::lock_guard lock{lender.mutex};
        lender.code = code;
    }
};

authority::authority(const settings& s, authority_parts p) : impl_{std::make_unique<impl>(s, std::move(p))} {}

authority::~authority() {
    stop();
}

void authority::start() {
    if (mode() == mode::none)
        return;
    impl_->keeper.start();
    const auto now = impl_->time.now();
    if (impl_->live.has_valid_token(now))
        return;
    impl_->first_code = make_secret();
    impl_->code = sign_in_code{digest_of(*impl_->first_code), now + code_lifetime};
}

void authority::stop() {
    impl_->keeper.stop();
}

auth::mode authority::mode() const noexcept {
    return impl_->configured.mode;
}

std::optional<std::shared_ptr<const access::principal>> authority::try_authenticate(access::credentials presented) {
    if (mode() == mode::none)
        return access::principal::anonymous();
    auto outcome = impl_->recognize(presented, impl_->time.now());
    if (outcome.principal) [[likely]]
        return std::move(outcome.principal);
    if (outcome.reason == refusal::unknown_key)
        return std::nullopt;
    impl_->refuse(outcome, presented);
    return std::shared_ptr<const access::principal>{};
}

awaitable<std::shared_ptr<const access::principal>> authority::authenticate(access::credentials presented) {
    if (mode() == mode::none)
        co_return access::principal::anonymous();
    auto outcome = co_await impl_->recognize_patiently(presented);
    co_return std::move(outcome.principal);
}

std::optional<std::chrono::seconds> authority::find_wait(const access::credentials& presented) const {
    const bool has_credential =
        !presented.authorization.empty() || find_cookie(presented.cookie, access::cookie_name(presented.is_secure));
    return has_credential ? impl_->refusals.find_wait(presented) : std::nullopt;
}

awaitable<result<issued_token>> authority::create_token(token_request request, std::string actor) {
    auto issued = co_await impl_->store.write([&](storage::transaction& t) -> result<issued_token> {
        return auth::create_token(t, request, actor, impl_->time.now());
    });
    if (issued)
        co_await impl_->apply_token_change();
    co_return issued;
}

awaitable<result<token_row>> authority::revoke_token(std::string name, std::string actor) {
    auto revoked = co_await impl_->store.write(
        [&](storage::transaction& t) -> result<token_row> { return auth::revoke_token(t, name, actor, impl_->time.now()); });
    if (!revoked)
        co_return revoked;
    if (mode() == mode::none) { // in this mode, tokens are not kept in memory
        impl_->trail.record_token_revocation(*revoked);
        co_return revoked;
    }
    impl_->live.revoke(revoked->id);
    co_await impl_->apply_token_change();
    co_return revoked;
}

awaitable<result<std::vector<token_row>>> authority::list_tokens() {
    co_return co_await impl_->store.read(
        [](storage::snapshot& s) -> result<std::vector<token_row>> { return auth::list_tokens(s); });
}

awaitable<result<begun_session>> authority::begin_session(std::string credential, std::optional<std::uint64_t> address) {
    const auto authorization = "Bearer " + credential;
    const auto outcome = co_await impl_->recognize_patiently({.authorization = authorization, .address = address});
    if (!outcome.principal)
        co_return no_credential();
    const auto latest = now() + session_lifetime();
    const auto& end = outcome.principal->expires();
    table::stored_session session{.token = outcome.token,
                                  .principal = outcome.principal->name(),
                                  .scopes = outcome.principal->scopes(),
                                  .expires = latest};
    if (end)
        session.expires = std::min(latest, std::chrono::floor<std::chrono::milliseconds>(*end));
    if (!outcome.token)
        session.issuer = impl_->configured.jwt.issuer;
    co_return co_await impl_->store_session(std::move(session), outcome.principal);
}

awaitable<result<>> authority::end_session(access::credentials presented) {
    const auto cookie = find_cookie(presented.cookie, access::cookie_name(presented.is_secure));
    if (!cookie || cookie->size() != secret_size)
        co_return result<>{};
    const auto hash = digest_of(*cookie);
    auto removed = co_await impl_->store.write([&](storage::transaction& t) -> result<> {
        table::remove_session(t, hash);
        return {};
    });
    if (!removed)
        co_return removed.error(); // the session continues
    if (const auto name = impl_->live.remove_session(hash); !name.empty())
        impl_->trail.record_session_end(name, name);
    co_return result<>{};
}

awaitable<result<>> authority::end_session(session_id id, std::string actor) {
    const auto removed =
        co_await impl_->store.write([&](storage::transaction& t) -> result<bool> { return table::remove_session(t, id); });
    if (!removed)
        co_return removed.error(); // the session continues
    const auto name = impl_->live.remove_session(id);
    if (!name.empty())
        impl_->trail.record_session_end(name, actor);
    if (!*removed && name.empty())
        co_return error{.code = errc::not_found, .detail = "there is no session with this id"};
    co_return result<>{};
}

std::vector<session_row> authority::list_sessions() const {
    return impl_->live.list_sessions(now());
}

const std::optional<std::string>& authority::first_code() const noexcept {
    return impl_->first_code;
}

awaitable<result<begun_session>> authority::begin_first_session(std::string code) {
    code_loan loan{*impl_, impl_->take_code(code)};
    if (!loan.code) {
        impl_->trail.record_refusal({.reason = refusal::unknown, .detail = "code of the first link"});
        co_return no_credential();
    }
    table::stored_session session{.mode = std::string{name_of(mode())},
                                  .principal = std::string{first_administrator},
                                  .expires = now() + session_lifetime()};
    session.scopes.emplace_back(access::admin);
    auto begun = co_await impl_->store_session(std::move(session), nullptr);
    if (begun)
        loan.code.reset();
    co_return begun;
}

std::chrono::milliseconds authority::session_lifetime() const noexcept {
    return impl_->configured.session;
}

timestamp authority::now() const {
    return impl_->time.now();
}

} // namespace atrium::auth
