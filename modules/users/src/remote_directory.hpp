#pragma once

#include "account.hpp"

#include <base/log.hpp>
#include <http/client.hpp>
#include <users/directory.hpp>

#include <string>
#include <utility>

namespace atrium::users {

/// The directory if the module `users` runs in another process: calls the REST interface of that process for each lookup,
/// without a cache. May be called on any thread that runs an io_context.
class remote_directory final : public directory {
public:
    /// `users` is the HTTP client that sends requests to the other process, and must outlive this object. `url_setting` is the
    /// config key of the URL of that process, for the log. `token` is presented to that process, unless it is empty.
    remote_directory(http::client& users, std::string url_setting, const std::string& token, logger log)
        : users_{users}, url_setting_{std::move(url_setting)},
          authorization_{token.empty() ? std::string{} : "Bearer " + token}, log_{std::move(log)} {}

    awaitable<result<user_summary>> find_user_by_name(std::string_view username, const call& caller) override;

    awaitable<result<std::vector<std::optional<user_summary>>>> find_users(std::span<const user_id> ids,
                                                                           const call& caller) override;

    /// Like `find_users`, but returns the given fields, which can be any that REST shows, in addition to id, username and
    /// revision. One request has at most 400 ids and about 4000 characters of ids; more ids are sent in more requests, one
    /// after the other. Errors: unavailable.
    awaitable<result<std::vector<std::optional<account>>>> find_all(std::span<const user_id> ids, entity::field_set fields,
                                                                    const call& caller);

private:
    awaitable<result<std::vector<account>>> list(std::string query, entity::field_set fields, const call& caller);
    [[nodiscard]] error report_refusal(unsigned status) const;
    [[nodiscard]] error report_unusable(std::string_view answer) const;

    http::client& users_;
    std::string url_setting_;
    std::string authorization_;
    logger log_;
};

} // namespace atrium::users
