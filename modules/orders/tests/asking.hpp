#pragma once

#include "shop.hpp"

#include <entity/list.hpp>
#include <support/catch.hpp>

#include <boost/json/serialize.hpp>

#include <string>

namespace atrium::orders {

/// The data of a GraphQL response. A response with errors fails the test.
inline boost::json::value data(orders_fixture& here, std::string query, boost::json::object variables = {}) {
    auto answer = here.ask(std::move(query), std::move(variables));
    if (answer.as_object().contains("errors"))
        FAIL(boost::json::serialize(answer));
    return answer.at("data");
}

/// "tea milk < >": the products in a connection of orders; '<' and '>' if there are more on that side.
inline std::string products(const boost::json::value& connection) {
    std::string text;
    for (const auto& each : connection.at("edges").as_array())
        text.append(each.at("node").at("productName").as_string()).append(" ");
    text += connection.at("pageInfo").at("hasPreviousPage").as_bool() ? "<" : "";
    text += connection.at("pageInfo").at("hasNextPage").as_bool() ? ">" : "";
    return text;
}

/// The fields that `products` reads.
inline constexpr const char* page_fields = "{ edges { node { productName } } pageInfo { hasNextPage hasPreviousPage } }";

/// A cursor as an argument of a field.
inline std::string cursor(int id) {
    return '"' + entity::to_cursor(id) + '"';
}

} // namespace atrium::orders
