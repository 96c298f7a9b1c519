#pragma once

#include <base/awaitable.hpp>
#include <base/call.hpp>
#include <base/error.hpp>
#include <users/user.hpp>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace atrium::users {

/// Finds users: in this process, or over HTTP if the module `users` runs in another process. May be called on any thread that
/// runs an io_context. Arguments passed by reference must live until the operation has completed.
class directory {
public:
    virtual ~directory() = default;

    /// Finds a user by name, ignoring ASCII case.
    /// Errors: not_found; unavailable (for example, because the other process did not respond in time; the call may safely be
    /// repeated).
    virtual awaitable<result<user_summary>> find_user_by_name(std::string_view username, const call& caller) = 0;

    /// Returns one result for each id, in the order of `ids`; a result is empty if no user has the id. Errors: unavailable.
    virtual awaitable<result<std::vector<std::optional<user_summary>>>> find_users(std::span<const user_id> ids,
                                                                                   const call& caller) = 0;
};

} // namespace atrium::users
