#pragma once

#include <base/error.hpp>
#include <events/event.hpp>
#include <users/user.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::users {

/// The topics that users publishes. All carry a `user_fact`; the key is "user/ID".
inline constexpr std::string_view user_created = "users.user_created";
inline constexpr std::string_view user_updated = "users.user_updated"; ///< name or e-mail address changed
inline constexpr std::string_view user_deleted = "users.user_deleted"; ///< without the e-mail address

/// The data of these events: `{"user_id","username","email","revision"}`.
struct user_fact {
    user_id id;
    std::string username;
    std::string email; ///< empty in user_deleted
    std::int64_t revision = 0;
};

/// The event that tells this fact under one of the topics above.
[[nodiscard]] events::new_event to_event(std::string_view topic, const user_fact& fact);

/// What such an event tells. Errors: malformed (data is not of that form; fields beyond it are ignored).
[[nodiscard]] result<user_fact> user_fact_of(const events::event& e);

} // namespace atrium::users
