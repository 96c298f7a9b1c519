#include "input.hpp"

#include "rules.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace atrium::users {
namespace {

constexpr std::int64_t longest_page = 1000;
constexpr std::int64_t default_page = 100;
constexpr std::size_t most_ids = 400;

void apply_rule(http::body_fields& body, std::string_view field, std::string_view fault) {
    if (!fault.empty())
        body.fault(field, std::string{fault});
}

/// Every text begins with an empty one: that filters nothing.
std::optional<std::string> unless_empty(std::optional<std::string> prefix) {
    return prefix && prefix->empty() ? std::nullopt : std::move(prefix);
}

} // namespace

result<new_account> read_new_account(http::body_fields& body) {
    new_account wanted{.username = body.required_text("username"), .email = body.required_text("email")};
    apply_rule(body, "username", fault_of_username(wanted.username));
    apply_rule(body, "email", fault_of_email(wanted.email));
    if (const auto read = body.finish(); !read)
        return read.error();
    return wanted;
}

result<account_change> read_account_change(http::body_fields& body) {
    account_change wanted{.username = body.optional_text("username"), .email = body.optional_text("email")};
    if (wanted.username)
        apply_rule(body, "username", fault_of_username(*wanted.username));
    if (wanted.email)
        apply_rule(body, "email", fault_of_email(*wanted.email));
    if (const auto read = body.finish(); !read)
        return read.error();
    return wanted;
}

result<account_query> read_account_query(const http::request& q) {
    http::query_fields query{q};
    account_query wanted{
        .username = query.text("username"), .email = query.text("email"), .search = unless_empty(query.text("search"))};
    const auto limit = query.integer("limit", 1, longest_page);
    wanted.limit = limit.value_or(default_page);
    wanted.after = user_id{query.cursor("after").value_or(0)};
    if (const auto ids = query.ids("ids", most_ids)) {
        wanted.ids.emplace();
        wanted.ids->reserve(ids->size());
        for (const auto id : *ids)
            wanted.ids->push_back(user_id{id});
        if (!limit)
            wanted.limit = std::max<std::int64_t>(1, static_cast<std::int64_t>(ids->size()));
    }
    if (const auto read = query.finish(); !read)
        return read.error();
    return wanted;
}

} // namespace atrium::users
