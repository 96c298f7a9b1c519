#pragma once

#include <base/ids.hpp>

#include <cstdint>
#include <string>

namespace atrium::users {

using user_id = id<struct user_tag>;

/// The fields of a user that other modules may use.
struct user_summary {
    user_id id;
    std::string username;
    std::int64_t revision = 0; ///< increases with every change of the user, so the higher of two revisions is the newer one
};

} // namespace atrium::users
