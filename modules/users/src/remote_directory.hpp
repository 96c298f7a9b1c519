#pragma once

#include "account.hpp"

#include <base/log.hpp>
#include <http/client.hpp>
#include <users/directory.hpp>

#include <string>
#include <utility>

namespace atrium::users {

/// The directory if users runs in another process: asks its REST interface, each time anew. Any thread that runs an io_context
/// may ask.
class remote_directory final : public directory {
public:
    /// `users` leads to the other process, and outlives this. `url_setting` is the key that has its URL, for the log.
    remote_directory(http::client& users, std::string url_setting, logger log)
        : users_{users}, url_setting_{std::move(url_setting)}, log_{std::move(log)} {}

    awaitable<result<user_summary>> find_user_by_name(std::string_view username, const call& by) override;

    awaitable<result<std::vector<std::optional<user_summary>>>> find_users(std::span<const user_id> ids,
                                                                           const call& by) override;

    /// The same with all that REST shows of a user; only `fields` are read. Asks for at most 400 ids at once, one such part
    /// after the other. Errors: unavailable.
    awaitable<result<std::vector<std::optional<account>>>> find_all(std::span<const user_id> ids, entity::field_set fields,
                                                                    const call& by);

private:
    awaitable<result<std::vector<account>>> list(std::string query, entity::field_set fields, const call& by);
    [[nodiscard]] error unexpected(std::string_view what) const;

    http::client& users_;
    std::string url_setting_;
    logger log_;
};

} // namespace atrium::users
