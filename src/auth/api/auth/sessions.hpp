#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <base/json_writer.hpp>

#include <string>
#include <vector>

/// Sessions of browsers, as administrators see them.
namespace atrium::auth {

using session_id = id<struct session_tag>;

/// A session as it is listed. It does not contain the secret, because only the digest of the secret is stored.
struct session_row {
    session_id id = {};
    std::string principal = {};
    std::vector<std::string> scopes = {};
    timestamp created = {};
    timestamp expires = {};
};

/// Writes a session as a JSON object.
void write_session(json_writer& json, const session_row& row);

} // namespace atrium::auth
