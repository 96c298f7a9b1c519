#include <support/api_calls.hpp>
#include <support/catch.hpp>

#include <boost/json/array.hpp>

namespace atrium::support {
namespace {

user to_user(const boost::json::value& json) {
    const auto& o = json.as_object();
    const auto& last = o.at("last_order_at");
    return {.id = o.at("id").as_int64(),
            .username = std::string{o.at("username").as_string()},
            .email = std::string{o.at("email").as_string()},
            .order_count = o.at("order_count").as_int64(),
            .last_order_at = last.is_null() ? std::nullopt : std::optional{std::string{last.as_string()}},
            .revision = o.at("revision").as_int64()};
}

order to_order(const boost::json::value& json) {
    const auto& o = json.as_object();
    return {.id = o.at("id").as_int64(),
            .user_id = o.at("user_id").as_int64(),
            .user = std::string{o.at("user").as_string()},
            .product_name = std::string{o.at("product_name").as_string()},
            .quantity = o.at("quantity").as_int64(),
            .status = std::string{o.at("status").as_string()},
            .revision = o.at("revision").as_int64()};
}

std::string path_of(std::string_view collection, std::int64_t id) {
    return "/" + std::string{collection} + "/" + std::to_string(id);
}

void require(const reply& answer, int status) {
    INFO("answer: " << answer.body);
    REQUIRE(answer.status == status);
}

/// The target of the next page, from a `Link` header.
std::string next_target(const reply& page) {
    const auto link = page.header("Link");
    const auto end = link.find('>');
    return link.empty() ? link : link.substr(1, end - 1);
}

} // namespace

user api_calls::create_user(std::string_view name) {
    const auto email = std::string{name} + "@example.com";
    const auto answer = http().post("/users/", {{"username", name}, {"email", email}});
    require(answer, 201);
    return to_user(answer.json().at("user"));
}

order api_calls::place_order(std::string_view username, std::string_view product_name, std::int64_t quantity) {
    const auto answer =
        http().post("/orders/", {{"username", username}, {"product_name", product_name}, {"quantity", quantity}});
    require(answer, 201);
    return to_order(answer.json().at("order"));
}

void api_calls::rename(const user& u, std::string_view name) {
    require(http().patch(path_of("users", u.id), {{"username", name}}), 200);
}

void api_calls::remove(const user& u) {
    require(http().remove(path_of("users", u.id)), 204);
}

void api_calls::remove(const order& o) {
    require(http().remove(path_of("orders", o.id)), 204);
}

user api_calls::find(const user& u) {
    const auto answer = http().get(path_of("users", u.id));
    require(answer, 200);
    return to_user(answer.json());
}

order api_calls::find(const order& o) {
    const auto answer = http().get(path_of("orders", o.id));
    require(answer, 200);
    return to_order(answer.json());
}

std::vector<boost::json::value> api_calls::read_all(std::string_view path) {
    std::vector<boost::json::value> all;
    for (auto target = std::string{path} + "?limit=1000"; !target.empty();) {
        const auto page = http().get(target);
        require(page, 200);
        const auto rows = page.json().as_array();
        all.insert(all.end(), rows.begin(), rows.end());
        target = next_target(page);
    }
    return all;
}

std::vector<user> api_calls::users() {
    std::vector<user> all;
    for (const auto& json : read_all("/users/"))
        all.push_back(to_user(json));
    return all;
}

std::vector<order> api_calls::orders() {
    std::vector<order> all;
    for (const auto& json : read_all("/orders/"))
        all.push_back(to_order(json));
    return all;
}

} // namespace atrium::support
