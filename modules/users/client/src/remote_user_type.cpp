#include <resource/graphql.hpp>
#include <users/remote_user_type.hpp>

#include <utility>

namespace atrium::users {

void add_remote_user_type(graphql::schema_builder& to, directory& directory) {
    using rows = graphql::column<user_summary>;
    auto user = to.object<user_summary>("User", "Somebody who orders, as other modules know them.").implements("Node");
    user.key(&user_summary::id, [&directory](std::span<const user_id> ids, graphql::context& c) -> awaitable<result<rows>> {
        auto found = co_await directory.find(ids, resource::call_of(c));
        if (!found)
            co_return found.error();
        co_return rows::of(*std::move(found));
    });
    user.field("nodeId: ID!", [](const user_summary& u) { return resource::node_id("User", u.id); }).reads(&user_summary::id);
    user.field("id: ID!", &user_summary::id);
    user.field("username: String!", "Unique; upper and lower case are one.", &user_summary::username);
    user.field("revision: Int!", "Counts every change of the user.", &user_summary::revision);
}

} // namespace atrium::users
