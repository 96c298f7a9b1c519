#pragma once

#include <base/clock.hpp>
#include <host/page.hpp>
#include <orders/order.hpp>
#include <users/user.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::orders {

using users::user_id;

/// An order as this module keeps and shows it. `Text` is std::string where it is kept, std::string_view for a row on its way
/// out.
template <class Text>
struct basic_order {
    order_id id;
    orders::user_id user_id;
    Text user; ///< the name of its user, as orders knows it
    Text product_name;
    std::int64_t quantity = 1;
    order_status status = order_status::placed;
    std::int64_t revision = 1;      ///< counts every change of the order itself
    std::int64_t name_revision = 1; ///< counts every change of `user`; with `revision` it makes the ETag
    timestamp created_at;
    timestamp updated_at;
};

using order = basic_order<std::string>;
using order_view = basic_order<std::string_view>;

/// The same order as another kind of text; the view lives as long as what it was made from.
template <class To, class From>
[[nodiscard]] basic_order<To> order_as(const basic_order<From>& o) {
    return {.id = o.id,
            .user_id = o.user_id,
            .user = To{o.user},
            .product_name = To{o.product_name},
            .quantity = o.quantity,
            .status = o.status,
            .revision = o.revision,
            .name_revision = o.name_revision,
            .created_at = o.created_at,
            .updated_at = o.updated_at};
}

/// Which members of an order are read; the others are left empty. The two ids always are.
struct order_columns {
    bool user = true;
    bool product_name = true;
    bool quantity = true;
    bool status = true;
    bool revision = true;
    bool name_revision = true;
    bool created_at = true;
    bool updated_at = true;

    bool operator==(const order_columns&) const = default;
};

/// What a client gives to place an order.
struct new_order {
    std::string username;
    std::string product_name;  ///< 1 to 100 characters
    std::int64_t quantity = 1; ///< 1 to 1,000,000
};

/// What a client may change; empty stays as it is.
struct order_change {
    std::optional<std::int64_t> quantity;
    std::optional<order_status> status;
};

/// Which orders a list shows: those that pass every filter given, by ascending id.
struct order_filter {
    std::optional<std::string> user = {}; ///< ASCII case ignored
    std::optional<order_status> status = {};
    std::optional<std::string> product_name = {}; ///< how it begins, ASCII case ignored
};

/// A page of such a list.
struct order_query {
    order_filter filter;
    host::page_query<order_id> page;
};

} // namespace atrium::orders
