#include "input.hpp"

#include "rules.hpp"

#include <host/rest_list.hpp>

#include <string>

namespace atrium::users {
namespace {

void apply_rule(http::body_fields& body, std::string_view field, std::string_view fault) {
    if (!fault.empty())
        body.fault(field, std::string{fault});
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
    account_query wanted{.username = query.text("username"),
                         .email = query.text("email"),
                         .search = query.text("search"),
                         .page = host::read_page_query<user_id>(query)};
    if (const auto read = query.finish(); !read)
        return read.error();
    return wanted;
}

} // namespace atrium::users
