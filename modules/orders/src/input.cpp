#include "input.hpp"

#include "rules.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace atrium::orders {
namespace {

constexpr std::int64_t longest_page = 1000;
constexpr std::int64_t default_page = 100;
constexpr std::size_t most_ids = 400;

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

/// Every text begins with an empty one: that filters nothing.
std::optional<std::string> unless_empty(std::optional<std::string> prefix) {
    return prefix && prefix->empty() ? std::nullopt : std::move(prefix);
}

} // namespace

new_order read_new_order(http::body_fields& body) {
    new_order wanted{.username = body.required_text("username"),
                     .product_name = body.required_text("product_name"),
                     .quantity = body.optional_integer("quantity", least_quantity, most_quantity).value_or(1)};
    if (const auto fault = fault_of_product_name(wanted.product_name); !fault.empty())
        body.fault("product_name", std::string{fault});
    return wanted;
}

result<order_change> read_order_change(http::body_fields& body) {
    order_change wanted{.quantity = body.optional_integer("quantity", least_quantity, most_quantity), .status = {}};
    wanted.status = read_status(body, body.optional_text("status"));
    if (const auto read = body.finish(); !read)
        return read.error();
    return wanted;
}

result<order_query> read_order_query(const http::request& q) {
    http::query_fields query{q};
    order_query wanted{.user = query.text("user"),
                       .status = read_status(query, query.text("status")),
                       .product_name = unless_empty(query.text("product_name"))};
    const auto limit = query.integer("limit", 1, longest_page);
    wanted.limit = limit.value_or(default_page);
    wanted.after = order_id{query.cursor("after").value_or(0)};
    if (const auto ids = query.ids("ids", most_ids)) {
        wanted.ids.emplace();
        wanted.ids->reserve(ids->size());
        for (const auto id : *ids)
            wanted.ids->push_back(order_id{id});
        if (!limit)
            wanted.limit = std::max<std::int64_t>(1, static_cast<std::int64_t>(ids->size()));
    }
    if (const auto read = query.finish(); !read)
        return read.error();
    return wanted;
}

} // namespace atrium::orders
