#pragma once

#include "rules.hpp"

#include <base/clock.hpp>
#include <entity/description.hpp>
#include <users/events.hpp>
#include <users/user.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace atrium::users {

/// A user as this module stores and shows it.
struct account {
    user_id id = {};
    std::string username = {};
    std::string email = {};
    std::int64_t order_count = 0;
    std::optional<timestamp> last_order_at = {};
    std::int64_t revision = 1;
    timestamp created_at = {};
    timestamp updated_at = {};
};

/// The columns of names and email addresses have a collation that ignores ASCII case. Therefore, lookups ignore it as well, and
/// two users cannot have names or addresses that differ only in case.
inline const entity::described<account> account_entity = [] {
    using namespace entity;
    constexpr length name_length{1, 100};
    constexpr length email_length{0, 254}; // a path in RFC 5321 has at most 256 characters, including '<' and '>'
    return describe<account>(
        "User", "A person who can place orders.", table{"users_account", "a"}, search{"search", {"username", "email"}},
        field{"id", &account::id, "a.id"}.as(role::identifier).in_events("user_id").sort(),
        field{"username", &account::username, "a.username", "Unique, ignoring the case of ASCII letters."}
            .ignore_case()
            .in_events()
            .create(required, name_length, check{fault_of_username})
            .change(name_length, check{fault_of_username})
            .filter(equal)
            .unique()
            .sort(),
        field{"email", &account::email, "a.email", "Unique, ignoring the case of ASCII letters."}
            .ignore_case()
            .in_events()
            .not_in_event(user_deleted)
            .create(required, email_length, check{fault_of_email, "email"})
            .change(email_length, check{fault_of_email, "email"})
            .filter(equal)
            .unique()
            .sort(),
        field{"order_count", &account::order_count, "a.order_count",
              "Number of existing orders in any status whose events have arrived."},
        field{"last_order_at", &account::last_order_at, "a.last_order_at", "Time of the last order. Never goes back."},
        field{"revision", &account::revision, "a.revision", "Counts every change of the user."}.as(role::revision).in_events(),
        field{"created_at", &account::created_at, "a.created_at"}.as(role::created_at),
        field{"updated_at", &account::updated_at, "a.updated_at"}.as(role::updated_at));
}();

} // namespace atrium::users
