#pragma once

#include <string_view>

namespace atrium::users {

/// The topics that the module `users` publishes. The key of each event is "user/ID". Its data are the fields that
/// `account_entity` marks with `in_events()`.
inline constexpr std::string_view user_created = "users.user_created";
inline constexpr std::string_view user_updated = "users.user_updated"; ///< name or e-mail address changed
inline constexpr std::string_view user_deleted = "users.user_deleted"; ///< the data do not contain the e-mail address

} // namespace atrium::users
