#pragma once

#include "orders_fixture.hpp"

#include <entity/list.hpp>
#include <support/catch.hpp>

#include <boost/json/serialize.hpp>

#include <string>

namespace atrium::orders {

/// The data of a GraphQL response. A response with errors fails the test.
inline boost::json::value data(orders_fixture& process, std::string query, boost::json::object variables = {}) {
    auto response = process.ask(std::move(query), std::move(variables));
    if (response.as_object().contains("errors"))
        FAIL(boost::json::serialize(response));
    return response.at("data");
}

/// The products in a connection of orders, as "tea milk <>": '<' if there is a previous page, '>' if there is a next one.
inline std::string products(const boost::json::value& connection) {
    std::string text;
    for (const auto& edge : connection.at("edges").as_array())
        text.append(edge.at("node").at("productName").as_string()).append(" ");
    text += connection.at("pageInfo").at("hasPreviousPage").as_bool() ? "<" : "";
    text += connection.at("pageInfo").at("hasNextPage").as_bool() ? ">" : "";
    return text;
}

/// The fields that `products` reads.
inline constexpr const char* page_fields = "{ edges { node { productName } } pageInfo { hasNextPage hasPreviousPage } }";

/// The cursor of the order with this id, as an argument of a GraphQL field.
inline std::string cursor(int id) {
    return '"' + entity::to_cursor(id) + '"';
}

} // namespace atrium::orders
