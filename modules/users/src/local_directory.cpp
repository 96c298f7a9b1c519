#include "local_directory.hpp"

#include "table.hpp"

namespace atrium::users {

awaitable<result<user_summary>> local_directory::find(std::string_view username, caller /*by*/) {
    co_return co_await store_.read([&](storage::snapshot& s) -> result<user_summary> {
        auto found = table::find_summary(s, username);
        if (!found)
            return error{.code = errc::not_found, .detail = "there is no such user"};
        return *std::move(found);
    });
}

awaitable<result<std::vector<std::optional<user_summary>>>> local_directory::find(std::span<const user_id> ids, caller /*by*/) {
    co_return co_await store_.read([&](storage::snapshot& s) -> result<std::vector<std::optional<user_summary>>> {
        std::vector<std::optional<user_summary>> found;
        found.reserve(ids.size());
        for (const auto id : ids)
            found.push_back(table::find_summary(s, id));
        return found;
    });
}

} // namespace atrium::users
