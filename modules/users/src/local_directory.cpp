#include "local_directory.hpp"

namespace atrium::users {
namespace {

std::optional<user_summary> summary_of(storage::cursor rows) {
    if (!rows.next())
        return std::nullopt;
    return user_summary{.id = {rows.integer(0)}, .username = std::string{rows.text(1)}, .revision = rows.integer(2)};
}

} // namespace

awaitable<result<user_summary>> local_directory::find_user_by_name(std::string_view username, const call& /*caller*/) {
    co_return co_await store_.read([&](storage::snapshot& s) -> result<user_summary> {
        auto user = summary_of(s.query("SELECT id, username, revision FROM users_account WHERE username = ?1", username));
        if (!user)
            return error{.code = errc::not_found, .detail = "there is no such user"};
        return *std::move(user);
    });
}

awaitable<result<std::vector<std::optional<user_summary>>>> local_directory::find_users(std::span<const user_id> ids,
                                                                                        const call& /*caller*/) {
    co_return co_await store_.read([&](storage::snapshot& s) -> result<std::vector<std::optional<user_summary>>> {
        std::vector<std::optional<user_summary>> users;
        users.reserve(ids.size());
        for (const auto id : ids)
            users.push_back(summary_of(s.query("SELECT id, username, revision FROM users_account WHERE id = ?1", id)));
        return users;
    });
}

} // namespace atrium::users
