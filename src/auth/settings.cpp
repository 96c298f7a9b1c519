#include "jwks_url.hpp"

#include <auth/settings.hpp>
#include <config/schema.hpp>

#include <vector>

// Each function that declares settings lists all members of their struct. So if a member is added to the struct, the program
// does not compile until its setting is declared as well.

namespace atrium::auth {
namespace {

using namespace std::chrono_literals;

config::text_rule anything() {
    return {"any text", [](std::string_view) { return true; }};
}

std::vector<std::string> find_jwt_faults(auth::mode mode, const jwt_settings& jwt) {
    std::vector<std::string> faults;
    if (mode == mode::jwt)
        for (const auto& [key, value] : {std::pair{"issuer", &jwt.issuer}, {"audience", &jwt.audience}, {"jwks", &jwt.jwks}})
            if (value->empty())
                faults.push_back("auth.jwt." + std::string{key} + " must be set if auth.mode is \"jwt\"");
    if (is_url(jwt.jwks))
        if (const auto url = parse_jwks_url(jwt.jwks); !url)
            faults.push_back("auth.jwt.jwks is not a URL that can be used: " + url.error().detail);
    return faults;
}

void declare_jwt(config::schema& schema, settings& settings) {
    auto& [issuer, audience, jwks, refresh] = settings.jwt;
    schema.section("auth.jwt", "JSON Web Tokens, which an issuer such as an identity provider signs. These keys have an effect "
                               "only if auth.mode is \"jwt\".");
    schema.text("auth.jwt.issuer", issuer, anything(), "The value that the claim `iss` must have.");
    schema.text("auth.jwt.audience", audience, anything(), "The value that the claim `aud` must have or contain.");
    schema.text("auth.jwt.jwks", jwks, anything(),
                "The public keys of the issuer: the path of a file with a JSON Web Key Set, or the URL of one.");
    schema.duration(
        "auth.jwt.refresh", refresh, 10s, 24h * 30,
        "How often the public keys are fetched again if auth.jwt.jwks is a URL. A file is read again when it changes.");
    schema.rule({"auth.mode", "auth.jwt.issuer", "auth.jwt.audience", "auth.jwt.jwks"},
                [&settings] { return find_jwt_faults(settings.mode, settings.jwt); });
}

} // namespace

bool is_url(const std::string& jwks) noexcept {
    return jwks.starts_with("http://") || jwks.starts_with("https://");
}

void declare(config::schema& schema, settings& settings) {
    auto& [chosen, session, history, refusals, jwt] = settings;
    schema.section("auth", "Which clients may use this server (docs/access.md).");
    schema.choice("auth.mode", chosen,
                  {{std::string{name_of(mode::none)}, mode::none},
                   {std::string{name_of(mode::token)}, mode::token},
                   {std::string{name_of(mode::jwt)}, mode::jwt}},
                  "\"none\": everyone who reaches the server may do everything. \"token\": clients need a token of this server "
                  "(`atrium token create`). \"jwt\": clients need such a token, or a JSON Web Token of auth.jwt.issuer.");
    schema.duration("auth.session", session, 1min, 24h * 365,
                    "How long a person who has signed in with a browser stays signed in.");
    schema.duration("auth.history", history, 1h, 24h * 3650,
                    "How long expired and revoked tokens are kept in the list of tokens, so that their use can be explained.");
    schema.integer("auth.refusals", refusals, 0, 1'000'000'000,
                   "If one address has presented this number of invalid credentials in a minute, its invalid credentials get "
                   "429 with Retry-After instead of 401 until the minute is over; 0 means no limit. In this time, a JSON Web "
                   "Token from the address is accepted only if it was verified shortly before.");
    declare_jwt(schema, settings);
}

std::string_view name_of(mode m) noexcept {
    switch (m) {
    case mode::none: return "none";
    case mode::token: return "token";
    case mode::jwt: return "jwt";
    }
    return {};
}

} // namespace atrium::auth
