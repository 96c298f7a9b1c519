#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atrium::support {

/// Creates a token with `atrium token create` in a database that a server may be using, and returns the token. If that does not
/// succeed, the test fails.
/// @param expires a duration such as "1s"; empty means never
[[nodiscard]] std::string create_token(const std::filesystem::path& database, const std::string& name,
                                       const std::vector<std::string>& scopes, const std::string& expires = {});

/// Revokes a token with `atrium token revoke`.
void revoke_token(const std::filesystem::path& database, const std::string& name);

} // namespace atrium::support
