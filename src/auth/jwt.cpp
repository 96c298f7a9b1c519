#include "jwt.hpp"

#include <base/text.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace atrium::auth::jwt {
namespace {

namespace json = boost::json;

constexpr std::size_t max_subject = 255; // bytes
constexpr std::size_t max_scopes = 100;

/// The parts of a token, still in base64url, because the encoded text is what was signed.
struct parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;

    /// The text that is signed: the header, a period and the payload, which are adjacent in the token.
    [[nodiscard]] std::string_view signed_text() const noexcept { return {header.data(), header.size() + 1 + payload.size()}; }
};

std::optional<parts> split(std::string_view token) noexcept {
    const auto first = token.find('.');
    const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos || token.size() > max_size)
        return std::nullopt;
    return parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

/// Parses a JSON object that is encoded in base64url. Empty if the text is not such an object.
std::optional<json::object> parse_object(std::string_view encoded) {
    constexpr std::size_t max_depth = 8;
    const auto text = from_base64url(encoded);
    if (!text)
        return std::nullopt;
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code failure;
    auto value = json::parse({text->data(), text->size()}, failure, {}, options);
    if (failure || !value.is_object())
        return std::nullopt;
    return std::move(value.get_object());
}

recognition refuse(refusal reason, std::string_view detail) {
    return {.reason = reason, .detail = detail};
}

std::optional<std::string> to_text(const json::value* value) {
    return value && value->is_string() ? std::optional{std::string{value->get_string()}} : std::nullopt;
}

/// Whether `typ` names a JWT or an access token (RFC 9068), or is absent. "application/" may be left out (RFC 7515, section
/// 4.1.9).
bool is_type_accepted(const json::object& header) {
    const auto* const value = header.if_contains("typ");
    if (!value)
        return true;
    auto type = ascii_lower(to_text(value).value_or(""));
    constexpr std::string_view prefix = "application/";
    if (type.starts_with(prefix))
        type.erase(0, prefix.size());
    return type == "jwt" || type == "at+jwt";
}

/// The key that must verify the signature of a token. If there is none, `key` is null, and `refused` has the reason.
struct key_choice {
    const public_key* key = nullptr;
    auth::algorithm algorithm = {};
    recognition refused = {};
};

/// Chooses the key that the header of a token names. `jku`, `jwk`, `x5u` and `x5c` are not read, because they would let a token
/// bring its own key.
key_choice choose_key(const json::object& header, const key_set& keys) {
    if (header.contains("crit"))
        return {.refused = refuse(refusal::malformed, "crit")};
    if (!is_type_accepted(header))
        return {.refused = refuse(refusal::malformed, "typ")};
    const auto name = to_text(header.if_contains("alg"));
    const auto algorithm = name ? parse_algorithm(*name) : std::nullopt;
    if (!algorithm)
        return {.refused = refuse(refusal::bad_algorithm, "alg")};
    const auto* const kid = header.if_contains("kid");
    const auto id = to_text(kid);
    if (kid && !id)
        return {.refused = refuse(refusal::malformed, "kid")};
    const auto found = keys.find(id, *algorithm);
    if (found.key)
        return {.key = found.key, .algorithm = *algorithm};
    return {.refused = found.is_id_known ? refuse(refusal::bad_algorithm, "alg") : refuse(refusal::unknown_key, "kid")};
}

/// A NumericDate (RFC 7519, section 2) from 1970 to the year 9999; empty for anything else.
std::optional<timestamp> to_time(const json::value& value) {
    constexpr double max_seconds = 253'402'300'799.0;
    boost::system::error_code failure;
    const auto seconds = value.is_number() ? value.to_number<double>(failure) : -1.0;
    if (failure || !(seconds >= 0 && seconds <= max_seconds))
        return std::nullopt;
    return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(std::floor(seconds * 1000))}};
}

bool has_audience(const json::value* value, std::string_view required) {
    if (!value)
        return false;
    if (value->is_string())
        return value->get_string() == required;
    return value->is_array() && std::ranges::any_of(value->get_array(), [&](const json::value& each) {
               return each.is_string() && each.get_string() == required;
           });
}

/// The name of the first claim, other than `exp`, that does not allow the use of the token now; empty if there is none.
std::string_view find_bad_claim(const json::object& claims, const rules& required, timestamp now) {
    const auto* const nbf = claims.if_contains("nbf");
    const auto begins = nbf ? to_time(*nbf) : std::nullopt;
    if (nbf && (!begins || now + leeway < *begins))
        return "nbf";
    if (to_text(claims.if_contains("iss")) != required.issuer)
        return "iss";
    if (!has_audience(claims.if_contains("aud"), required.audience))
        return "aud";
    const auto subject = to_text(claims.if_contains("sub"));
    if (!subject || subject->empty() || subject->size() > max_subject || has_control_character(*subject))
        return "sub";
    return {};
}

void add_scopes(std::vector<std::string>& scopes, std::string_view text) {
    auto read = access::read_scopes(text);
    std::ranges::move(read, std::back_inserter(scopes));
}

/// The scopes in `scope` (RFC 8693, section 4.2) or, if it is missing, in `scp`, which is a text or a list of texts.
std::vector<std::string> scopes_of(const json::object& claims) {
    const auto* value = claims.if_contains("scope");
    if (!value)
        value = claims.if_contains("scp");
    std::vector<std::string> scopes;
    if (value && value->is_string())
        add_scopes(scopes, value->get_string());
    else if (value && value->is_array())
        for (const auto& each : value->get_array())
            if (each.is_string())
                add_scopes(scopes, each.get_string());
    return scopes;
}

recognition check_claims(const json::object& claims, const rules& required, timestamp now) {
    const auto* const exp = claims.if_contains("exp");
    const auto expires = exp ? to_time(*exp) : std::nullopt;
    if (!expires)
        return refuse(refusal::bad_claims, "exp");
    if (now >= *expires + leeway)
        return refuse(refusal::expired, "exp");
    auto scopes = scopes_of(claims);
    if (scopes.size() > max_scopes)
        return refuse(refusal::bad_claims, "scope");
    if (const auto bad = find_bad_claim(claims, required, now); !bad.empty())
        return refuse(refusal::bad_claims, bad);
    return {.principal = std::make_shared<const access::principal>("jwt:" + *to_text(claims.if_contains("sub")),
                                                                   std::move(scopes), to_time_point(*expires + leeway))};
}

} // namespace

bool has_form(std::string_view text) noexcept {
    return split(text).has_value();
}

recognition recognize(std::string_view token, const key_set& keys, const rules& required, timestamp now) {
    const auto encoded = split(token);
    const auto header = encoded ? parse_object(encoded->header) : std::nullopt;
    if (!header)
        return refuse(refusal::malformed, "header");
    auto choice = choose_key(*header, keys);
    if (!choice.key)
        return std::move(choice.refused);
    const auto signature = from_base64url(encoded->signature);
    if (!signature || !verify(*choice.key, choice.algorithm, encoded->signed_text(), *signature))
        return refuse(refusal::bad_signature, "signature");
    // The payload is parsed only now: until its signature is verified, anyone may have written it.
    const auto claims = parse_object(encoded->payload);
    return claims ? check_claims(*claims, required, now) : refuse(refusal::malformed, "payload");
}

} // namespace atrium::auth::jwt
