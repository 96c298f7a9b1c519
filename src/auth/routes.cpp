#include "descriptions.hpp"
#include "page.hpp"
#include "recognition.hpp"

#include <access/principal_json.hpp>
#include <access/session_cookie.hpp>
#include <auth/authorization.hpp>
#include <auth/routes.hpp>
#include <base/json_writer.hpp>
#include <http/body.hpp>
#include <http/media_type.hpp>
#include <http/query.hpp>
#include <http/resource.hpp>
#include <http/without_caching.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace atrium::auth {
namespace {

constexpr std::string_view session_path = "/session";

http::response private_json(http::status s, std::string body) {
    auto answer = http::without_caching(http::json(std::move(body)));
    answer.status = s;
    return answer;
}

http::response redirect_to(std::string_view path) {
    auto answer = http::without_caching({.status = http::status::see_other});
    answer.set("Location", std::string{path});
    return answer;
}

http::response redirect_to_session() {
    return redirect_to(session_path);
}

std::string to_json(const access::principal& principal) {
    std::string body;
    json_writer json{body};
    access::show(json, principal);
    return body;
}

error no_sessions() {
    return {.code = errc::conflict, .detail = "auth.mode is \"none\", so there are no sessions"};
}

/// The error for a request that would create a token while auth.mode is "none". Otherwise any client could create a token now
/// and use it later, when tokens are needed.
error no_tokens() {
    return {.code = errc::conflict,
            .detail = "auth.mode is \"none\", so tokens can be created only with the command: atrium token create"};
}

std::string actor_of(const http::request& q) {
    return (q.principal ? q.principal : access::principal::anonymous())->name();
}

/// The scopes of a form are separated by commas or blanks.
std::vector<std::string> split_scopes(std::string_view text) {
    constexpr std::string_view separators = ", \t\r\n";
    std::vector<std::string> words;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        if (text.empty())
            return words;
        const auto word = text.substr(0, text.find_first_of(separators));
        words.emplace_back(word);
        text.remove_prefix(word.size());
    }
}

std::vector<std::string> read_scopes(input::reader& body) {
    constexpr std::size_t max_scopes = 100;
    constexpr std::size_t max_scope = 100; // bytes
    if (body.source() == input::source::form)
        return split_scopes(body.required_text("scopes"));
    auto scopes = body.texts("scopes", max_scopes, max_scope);
    if (!scopes)
        body.add_missing("scopes");
    return std::move(scopes).value_or(std::vector<std::string>{});
}

result<token_request> read_token(const http::request& q) {
    auto body = http::read_body(q);
    if (!body)
        return body.error();
    token_request request{.name = body->required_text("name"), .scopes = read_scopes(*body), .expires = body->time("expires")};
    if (const auto read = body->finish(); !read)
        return read.error();
    return request;
}

result<std::string> read_secret(const http::request& q) {
    auto body = http::read_body(q);
    if (!body)
        return body.error();
    auto secret = body->required_text("token");
    if (const auto read = body->finish(); !read)
        return read.error();
    return secret;
}

result<std::string> read_code(const http::request& q) {
    auto query = http::read_query(q);
    auto code = query.required_text("code");
    if (const auto read = query.finish(); !read)
        return read.error();
    return code;
}

/// The attributes are defined in RFC 6265bis: scripts cannot read the cookie, and no other site can make browsers send it. If
/// the client uses TLS, it sends the cookie only over TLS.
std::string make_cookie(const http::request& q, std::string_view secret, std::chrono::seconds age) {
    return std::string{access::cookie_name(q.is_secure)}.append("=").append(secret) +
           "; Path=/; Max-Age=" + std::to_string(age.count()) + "; HttpOnly; SameSite=Strict" + (q.is_secure ? "; Secure" : "");
}

constexpr std::string_view invalid_link =
    "This link was used before, or is older than 30 minutes. Restart the server to get a new one, or create a token with the "
    "command: atrium token create";

} // namespace

void routes::add_routes(http::router& router) {
    const auto bound = [this](auto function) {
        return [this, function](const http::request& q) { return (this->*function)(q); };
    };
    router.get("/session", "The sender of the request, and the sender's scopes", bound(&routes::show_session))
        .open()
        .describe(describe_session());
    router.post("/session", "Begin a session of a browser with a token", bound(&routes::begin_session))
        .open()
        .describe(describe_session_begin());
    router.remove("/session", "End the session", bound(&routes::end_session))
        .open()
        .describe(describe_session_end("end_session"));
    router.post("/session/end", "End the session, for forms", bound(&routes::end_session))
        .open()
        .describe(describe_session_end("end_session_by_form"));
    router.get("/session/first", "Begin the session of the first administrator", bound(&routes::begin_first_session))
        .open()
        .describe(describe_first_session());
    router.get("/sessions", "List sessions of browsers", [this](const http::request&) { return list_sessions(); })
        .scope("admin")
        .describe(describe_session_list());
    router.remove("/sessions/{id}", "End any session", bound(&routes::end_session_of_anybody))
        .scope("admin")
        .describe(describe_session_removal());
    router.get("/tokens", "List tokens", [this](const http::request&) { return list_tokens(); })
        .scope("admin")
        .describe(describe_token_list());
    router.post("/tokens", "Create a token", bound(&routes::create_token)).scope("admin").describe(describe_token_creation());
    router.remove("/tokens/{name}", "Revoke a token", bound(&routes::revoke_token))
        .scope("admin")
        .describe(describe_token_revocation());
}

awaitable<http::response> routes::show_session(const http::request& q) {
    if (!q.principal)
        co_return http::wants_page(q) ? page::sign_in(http::status::unauthorized, {}) : http::problem(no_credential());
    co_return http::wants_page(q) ? page::session(*q.principal) : private_json(http::status::ok, to_json(*q.principal));
}

awaitable<http::response> routes::begin_session(const http::request& q) {
    if (authority_.mode() == mode::none)
        co_return http::problem(no_sessions());
    auto secret = read_secret(q);
    if (!secret)
        co_return http::problem(q, secret.error());
    access::credentials presented{.authorization = *secret, .address = credentials_of(q).address};
    const auto begun = co_await authority_.begin_session(*secret, presented.address);
    const bool sends_page = http::wants_page(q);
    if (!begun && begun.error().code == errc::unauthenticated && authority_.find_wait(presented))
        co_return refuse_credential(authority_, presented);
    if (!begun && sends_page && begun.error().code == errc::unauthenticated)
        co_return page::sign_in(http::status::unauthorized, "This token is not valid.");
    if (!begun)
        co_return http::problem(begun.error());
    co_return add_cookie(
        q, sends_page ? redirect_to_session() : private_json(http::status::created, to_json(*begun->principal)), *begun);
}

awaitable<http::response> routes::end_session(const http::request& q) {
    const auto ended = co_await authority_.end_session(credentials_of(q));
    if (!ended)
        co_return http::problem(ended.error());
    auto answer = http::wants_page(q) ? redirect_to_session() : http::no_content();
    answer.set("Set-Cookie", make_cookie(q, {}, std::chrono::seconds{0}));
    co_return answer;
}

/// Responds to a request for the link for the first administrator. A HEAD request does not use up the code of the link.
awaitable<http::response> routes::begin_first_session(const http::request& q) {
    if (q.method == http::verb::head)
        co_return http::no_content();
    auto code = read_code(q);
    if (!code)
        co_return http::problem(q, code.error());
    const auto begun = co_await authority_.begin_first_session(*std::move(code));
    const bool sends_page = http::wants_page(q);
    if (begun && sends_page)
        co_return add_cookie(q, home_.empty() ? page::session(*begun->principal) : redirect_to(home_), *begun);
    if (begun)
        co_return add_cookie(q, private_json(http::status::ok, to_json(*begun->principal)), *begun);
    if (!sends_page || begun.error().code != errc::unauthenticated)
        co_return http::problem(begun.error());
    co_return q.principal ? redirect_to_session() : page::sign_in(http::status::unauthorized, invalid_link);
}

awaitable<http::response> routes::list_sessions() {
    std::string body;
    json_writer json{body};
    json.begin_array();
    for (const auto& each : authority_.list_sessions())
        write_session(json, each);
    json.end_array();
    co_return private_json(http::status::ok, std::move(body));
}

awaitable<http::response> routes::end_session_of_anybody(const http::request& q) {
    const auto id = q.id();
    if (!id)
        co_return http::problem(id.error());
    const auto ended = co_await authority_.end_session(session_id{*id}, actor_of(q));
    co_return ended ? http::no_content() : http::problem(ended.error());
}

awaitable<http::response> routes::list_tokens() {
    const auto rows = co_await authority_.list_tokens();
    if (!rows)
        co_return http::problem(rows.error());
    std::string body;
    json_writer json{body};
    json.begin_array();
    for (const auto& each : *rows)
        write_token(json, each, authority_.now());
    json.end_array();
    co_return private_json(http::status::ok, std::move(body));
}

awaitable<result<issued_token>> routes::create_token_of_request(const http::request& q) {
    if (authority_.mode() == mode::none)
        co_return no_tokens();
    auto request = read_token(q);
    if (!request)
        co_return request.error();
    co_return co_await authority_.create_token(*std::move(request), actor_of(q));
}

awaitable<http::response> routes::create_token(const http::request& q) {
    const bool sends_page = http::wants_page(q) && q.principal;
    auto issued = co_await create_token_of_request(q);
    if (!issued)
        co_return sends_page ? page::refused_token(*q.principal, issued.error()) : http::problem(q, issued.error());
    if (sends_page)
        co_return page::new_token(*q.principal, *issued);
    std::string body;
    json_writer json{body};
    write_token(json, issued->row, authority_.now(), issued->secret);
    co_return private_json(http::status::created, std::move(body));
}

awaitable<http::response> routes::revoke_token(const http::request& q) {
    const auto revoked = co_await authority_.revoke_token(std::string{q.parameter("name")}, actor_of(q));
    co_return revoked ? http::no_content() : http::problem(revoked.error());
}

http::response routes::add_cookie(const http::request& q, http::response r, const begun_session& session) const {
    const auto left =
        session.principal->expires() ? *session.principal->expires() - authority_.now() : authority_.session_lifetime();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    r.set("Set-Cookie", make_cookie(q, session.secret, seconds));
    return r;
}

} // namespace atrium::auth
