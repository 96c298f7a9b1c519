#include "input.hpp"

#include "rules.hpp"

#include <host/rest_list.hpp>

#include <string>
#include <utility>

namespace atrium::orders {
namespace {

/// The status called `name`; where there is none, a fault of that field.
template <class Fields>
std::optional<order_status> read_status(Fields& in, const std::optional<std::string>& name) {
    if (!name)
        return std::nullopt;
    const auto status = parse_order_status(*name);
    if (!status)
        in.fault("status", std::string{status_rule});
    return status;
}

} // namespace

new_order read_new_order(http::body_fields& body) {
    new_order wanted{.username = body.required_text("username"),
                     .product_name = body.required_text("product_name"),
                     .quantity = body.optional_integer("quantity", least_quantity, most_quantity).value_or(1)};
    if (auto fault = fault_of_product_name(wanted.product_name); !fault.empty())
        body.fault("product_name", std::move(fault));
    return wanted;
}

result<order_change> read_order_change(http::body_fields& body) {
    order_change wanted{.quantity = body.optional_integer("quantity", least_quantity, most_quantity), .status = {}};
    wanted.status = read_status(body, body.optional_choice("status"));
    if (const auto read = body.finish(); !read)
        return read.error();
    return wanted;
}

result<order_query> read_order_query(const http::request& q) {
    http::query_fields query{q};
    order_query wanted{.filter = {.user = query.text("user"),
                                  .status = read_status(query, query.text("status")),
                                  .product_name = query.text("product_name")},
                       .page = host::read_page_query<order_id>(query)};
    if (const auto read = query.finish(); !read)
        return read.error();
    return wanted;
}

} // namespace atrium::orders
