#pragma once

#include <module_support/module_process.hpp>
#include <orders/module.hpp>
#include <users/module.hpp>

#include <boost/json/parse.hpp>

namespace atrium::orders {

/// A process with the modules users and orders.
struct orders_fixture : support::module_process {
    orders_fixture()
        : module_process{{users::describe(), orders::describe()}}, users{context("users")},
          orders{context("orders"), users.directory()} {
        start(users, orders);
    }
    ~orders_fixture() { stop(); }

    /// Creates a user with an address that matches the name, and returns its id.
    std::int64_t create_user(const std::string& username) {
        const auto created = post("/users/", R"({"username":")" + username + R"(","email":")" + username + R"(@example.com"})");
        return created.json().at("user").at("id").as_int64();
    }

    /// Places an order and returns its id.
    std::int64_t place(const std::string& username, const std::string& product) {
        const auto placed = post("/orders/", R"({"username":")" + username + R"(","product_name":")" + product + R"("})");
        return placed.json().at("order").at("id").as_int64();
    }

    users::module users;
    orders::module orders;
};

/// Returns an event about a user, in the form in which the users module publishes it. The users module need not have this user.
inline events::new_event user_event(std::string_view topic, std::int64_t user, const std::string& name, std::int64_t revision) {
    return {.topic = std::string{topic},
            .key = "user/" + std::to_string(user),
            .data = R"({"user_id":)" + std::to_string(user) + R"(,"username":")" + name +
                    R"(","email":"x@example.com","revision":)" + std::to_string(revision) + "}"};
}

/// The order in an event, as text: "order 1 of ann: 3 tea, fulfilled, revision 2".
inline std::string summary_of(const events::event& e) {
    const auto data = boost::json::parse(e.data);
    const auto number = [&](std::string_view name) { return std::to_string(data.at(name).as_int64()); };
    const auto text = [&](std::string_view name) { return std::string{data.at(name).as_string()}; };
    return "order " + number("order_id") + " of " + text("user") + ": " + number("quantity") + " " + text("product_name") +
           ", " + text("status") + ", revision " + number("revision");
}

/// The ids in a list, in its order.
inline std::vector<std::int64_t> ids(const support::module_answer& a) {
    std::vector<std::int64_t> all;
    const auto list = a.json();
    for (const auto& order : list.as_array())
        all.push_back(order.at("id").as_int64());
    return all;
}

using numbers = std::vector<std::int64_t>;

} // namespace atrium::orders
