#pragma once

#include <base/clock.hpp>
#include <host/page.hpp>
#include <users/user.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::users {

/// A user as this module keeps and shows it. `Text` is std::string where it is kept, std::string_view for a row on its way out.
template <class Text>
struct basic_account {
    user_id id;
    Text username;
    Text email;
    std::int64_t order_count = 0;           ///< existing orders in any status, as far as their events have arrived
    std::optional<timestamp> last_order_at; ///< never goes back
    std::int64_t revision = 1;              ///< counts every change of what stands here
    timestamp created_at;
    timestamp updated_at;
};

using account = basic_account<std::string>;
using account_view = basic_account<std::string_view>;

/// The same account as another kind of text; the view lives as long as what it was made from.
template <class To, class From>
[[nodiscard]] basic_account<To> account_as(const basic_account<From>& a) {
    return {.id = a.id,
            .username = To{a.username},
            .email = To{a.email},
            .order_count = a.order_count,
            .last_order_at = a.last_order_at,
            .revision = a.revision,
            .created_at = a.created_at,
            .updated_at = a.updated_at};
}

/// Which members of an account are read; the others are left empty. The id always is.
struct account_columns {
    bool username = true;
    bool email = true;
    bool order_count = true;
    bool last_order_at = true;
    bool revision = true;
    bool created_at = true;
    bool updated_at = true;

    bool operator==(const account_columns&) const = default;
};

/// What a client gives to become a user. Its values obey rules.hpp.
struct new_account {
    std::string username;
    std::string email;
};

/// What a client may change; empty stays as it is. Its values obey rules.hpp.
struct account_change {
    std::optional<std::string> username;
    std::optional<std::string> email;
};

/// Which accounts a list shows: those that pass every filter given, by ascending id.
struct account_query {
    std::optional<std::string> username; ///< ASCII case ignored
    std::optional<std::string> email;    ///< ASCII case ignored
    std::optional<std::string> search;   ///< how the name or the address begins, ASCII case ignored
    host::page_query<user_id> page;
};

} // namespace atrium::users
