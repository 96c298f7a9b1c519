#include "service.hpp"

#include <users/events.hpp>

#include <string>
#include <utility>

namespace atrium::users {
namespace {

using storage::snapshot;
using storage::transaction;

/// Returns an error if another user has the name or the address of `a`. `owner` is the id of the user that `a` describes, or
/// {0} for a new user.
result<> check_unique(snapshot& s, const account& a, user_id owner) {
    auto row = s.query("SELECT EXISTS (SELECT 1 FROM users_account WHERE username = ?1 AND id <> ?3), "
                       "EXISTS (SELECT 1 FROM users_account WHERE email = ?2 AND id <> ?3)",
                       a.username, a.email, owner);
    const bool has_row = row.next();
    const bool is_name_taken = has_row && row.integer(0) != 0;
    const bool is_email_taken = has_row && row.integer(1) != 0;
    if (!is_name_taken && !is_email_taken)
        return {};

    error clash{.code = errc::conflict};
    if (is_name_taken)
        clash.faults.push_back({"/username", "is taken"});
    if (is_email_taken)
        clash.faults.push_back({"/email", "is taken"});
    clash.detail = is_name_taken && is_email_taken ? "username and email are taken"
                   : is_name_taken                 ? "username is taken"
                                                   : "email is taken";
    return clash;
}

} // namespace

service::service(resource::service_parts parts)
    : resource::service<account>{account_entity, {user_created, user_updated, user_deleted}, std::move(parts)} {}

result<> service::before_insert(transaction& t, account& new_account) {
    return check_unique(t, new_account, {});
}

result<> service::before_update(transaction& t, const account& old_account, account& new_account) {
    return check_unique(t, new_account, old_account.id);
}

user_id service::find_id_by_name(transaction& t, std::string_view username) const {
    return {t.query_integer("SELECT id FROM users_account WHERE username = ?1", username).value_or(0)};
}

void service::count_order(transaction& t, user_id id, timestamp ordered_at) const {
    t.execute("UPDATE users_account SET order_count = order_count + 1, last_order_at = max(coalesce(last_order_at, ?2), ?2), "
              "revision = revision + 1, updated_at = ?3 WHERE id = ?1",
              id, ordered_at, time().now());
}

void service::discount_order(transaction& t, user_id id) const {
    t.execute("UPDATE users_account SET order_count = order_count - 1, revision = revision + 1, updated_at = ?2 "
              "WHERE id = ?1 AND order_count > 0",
              id, time().now());
}

} // namespace atrium::users
