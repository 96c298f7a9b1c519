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

/// Answers who a user is: in this process, or over HTTP where users runs elsewhere. Any thread that runs an io_context may ask.
/// What is passed in must live until the answer is there.
class directory {
public:
    virtual ~directory() = default;

    /// The user of that name, ASCII case ignored.
    /// Errors: not_found; unavailable (users could not be asked in time; asking again is harmless).
    virtual awaitable<result<user_summary>> find_user_by_name(std::string_view username, const call& by) = 0;

    /// One answer for each id, in their order; empty where there is no such user. Errors: unavailable.
    virtual awaitable<result<std::vector<std::optional<user_summary>>>> find_users(std::span<const user_id> ids,
                                                                                   const call& by) = 0;
};

} // namespace atrium::users
