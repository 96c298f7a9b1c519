#pragma once

#include <storage/store.hpp>
#include <users/directory.hpp>

#include <utility>

namespace atrium::users {

/// The directory if the module `users` runs in this process: reads the database on the caller's thread.
class local_directory final : public directory {
public:
    explicit local_directory(storage::store store) : store_{std::move(store)} {}

    awaitable<result<user_summary>> find_user_by_name(std::string_view username, const call& caller) override;
    awaitable<result<std::vector<std::optional<user_summary>>>> find_users(std::span<const user_id> ids,
                                                                           const call& caller) override;

private:
    storage::store store_;
};

} // namespace atrium::users
