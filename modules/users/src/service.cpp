#include "service.hpp"

#include <users/events.hpp>

#include <cstdint>
#include <optional>
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

/// Applies the effect of an `order_created` to the user of the order. Returns false if nothing changes, for example because
/// the user does not exist. The time of the last order does not depend on the sequence in which events arrive.
bool add_order(transaction& t, const order_change& created, const order_step& step, timestamp now) {
    return t.execute("UPDATE users_account SET order_count = order_count + ?2, unlisted_orders = unlisted_orders + ?3, "
                     "last_order_at = max(coalesce(last_order_at, ?4), ?4), revision = revision + 1, updated_at = ?5 "
                     "WHERE id = ?1 AND (?2 <> 0 OR last_order_at IS NULL OR last_order_at < ?4)",
                     created.user, step.count, step.unlisted, created.time, now) == 1;
}

/// Applies the effect of an `order_deleted` to the user of the order.
void subtract_order(transaction& t, user_id user, const order_step& step, timestamp now) {
    t.execute("UPDATE users_account SET order_count = order_count + ?2, unlisted_orders = unlisted_orders + ?3, "
              "revision = revision + 1, updated_at = ?4 WHERE id = ?1",
              user, step.count, step.unlisted, now);
}

/// How many of the user's counted orders have no row in users_order; empty if there is no such user.
std::optional<std::int64_t> count_unlisted_orders(snapshot& s, user_id user) {
    return s.query_integer("SELECT unlisted_orders FROM users_account WHERE id = ?1", user);
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

void service::count_order(transaction& t, const order_change& created) const {
    if (!created.order) { // without an order id, it is not known whether a replayed order was counted
        if (!created.is_replay)
            (void)add_order(t, created, {.next = order_state::counted, .count = 1, .unlisted = 1}, time().now());
        return;
    }
    const auto known = order_table::find_order(t, *created.order);
    if (known.state == order_state::counted)
        return;
    const auto step = step_of_creation(known.state, created.is_replay && order_table::may_predate_table(t, created.time));
    if (!add_order(t, created, step, time().now()) || step.next == known.state)
        return;
    if (step.next == order_state::deleted)
        return order_table::confirm_tombstone(t, *created.order);
    order_table::insert_counted(t, *created.order, created.user);
    order_table::record_first_order(t, *created.order, created.time);
}

void service::discount_order(transaction& t, const order_change& deleted) const {
    if (!deleted.order) {
        if (!deleted.is_replay && count_unlisted_orders(t, deleted.user).value_or(0) > 0)
            subtract_order(t, deleted.user, {.next = order_state::deleted, .count = -1, .unlisted = -1}, time().now());
        return;
    }
    const auto order = *deleted.order;
    const auto known = order_table::find_order(t, order);
    const auto user = known.state == order_state::counted ? known.user : deleted.user;
    const auto unlisted = count_unlisted_orders(t, user);
    if (!unlisted) // if there is no such user, later events about the order have no effect either
        return order_table::remove_order(t, order);
    const bool may_be_unlisted = !deleted.is_replay && *unlisted > 0 && order_table::may_predate_table(t, order);
    const auto step = step_of_deletion(known.state, may_be_unlisted);
    if (step.next == known.state)
        return;
    if (step.count != 0)
        subtract_order(t, user, step, time().now());
    order_table::write_tombstone(t, order, user, step.next, time().now());
    order_table::remove_old_tombstones(t, time().now());
}

} // namespace atrium::users
