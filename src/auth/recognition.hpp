#pragma once

#include <access/principal.hpp>
#include <auth/tokens.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::auth {

/// Why a credential was refused: for the log and the metrics. Clients learn only that they need a valid one.
enum class refusal {
    none,
    missing,   ///< the client presented no credential
    malformed, ///< the text has neither the form of a token nor that of a JWT
    unknown,   ///< a token or session that does not exist
    expired,
    revoked,
    bad_algorithm, ///< a JWT whose algorithm is not one of those of its key
    unknown_key,   ///< a JWT whose key is not in the key set of the issuer
    bad_signature,
    bad_claims, ///< a JWT for another audience, of another issuer, without expiry...
    over_limit, ///< a JWT that was not verified, because too many credentials from its sender's address were refused
};

[[nodiscard]] std::string_view name_of(refusal reason) noexcept;
/// The reasons that are logged and counted. `missing` is not one of them.
inline constexpr refusal all_refusals[] = {refusal::malformed,     refusal::unknown,       refusal::expired,
                                           refusal::revoked,       refusal::bad_algorithm, refusal::unknown_key,
                                           refusal::bad_signature, refusal::bad_claims,    refusal::over_limit};

/// Converts a time to `time_point`, the type of the times of principals. This type cannot hold a time after the year 2262: such
/// a time becomes the latest time that the type can hold.
[[nodiscard]] access::principal::time_point to_time_point(timestamp when) noexcept;

/// The principal that has presented a credential, or why the credential was refused.
struct recognition {
    std::shared_ptr<const access::principal> principal = {};
    refusal reason = refusal::none;
    std::string_view detail = {};       ///< what is wrong, such as "aud", for the log; a string literal
    std::string name = {};              ///< the principal's name if the credential has expired or was revoked, for the log
    std::optional<token_id> token = {}; ///< the id of the credential if it is a token of this server
};

/// The error for a client whose credential was refused. It is the same for all reasons.
[[nodiscard]] error no_credential();

} // namespace atrium::auth
