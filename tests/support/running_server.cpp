#include <support/running_server.hpp>

#include <boost/json/array.hpp>

#include <charconv>
#include <csignal>
#include <fstream>

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

std::string place(std::string_view collection, std::int64_t id) {
    return "/" + std::string{collection} + "/" + std::to_string(id);
}

/// The port of "listening on http://ADDRESS:PORT"; 0 where the log does not say it yet.
std::uint16_t port_in(const std::string& log) {
    constexpr std::string_view phrase = "listening on http://";
    const auto begin = log.find(phrase);
    const auto end = begin == std::string::npos ? begin : log.find('\n', begin);
    if (end == std::string::npos)
        return 0;
    const auto colon = log.find(':', begin + phrase.size());
    std::uint16_t port = 0;
    if (colon < end)
        std::from_chars(log.data() + colon + 1, log.data() + end, port);
    return port;
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

const std::string& atrium_program() {
    static const std::string path = ATRIUM_PROGRAM;
    return path;
}

running_server::running_server(std::vector<std::string> settings, std::vector<std::string> wrapper)
    : settings_{std::move(settings)}, wrapper_{std::move(wrapper)} {
    start();
}

void running_server::set_settings(std::vector<std::string> settings, std::vector<std::string> wrapper) {
    settings_ = std::move(settings);
    wrapper_ = std::move(wrapper);
}

void running_server::start() {
    const auto config = folder_ / "config.toml";
    std::ofstream{config}; // an empty one: all defaults

    auto command = wrapper_;
    command.insert(command.end(), {atrium_program(), "serve", "--config", config.string(), "--set", "http.port=0", "--set",
                                   "storage.path=" + database().string()});
    for (const auto& setting : settings_)
        command.insert(command.end(), {"--set", setting});

    http_.reset();
    process_ = std::make_unique<support::process>(command);
    eventually([this] {
        port_ = port_in(log());
        return port_ != 0 || !process_->runs();
    });
    INFO("log of the server:\n" << log());
    REQUIRE(port_ != 0);
}

void running_server::stop() {
    http_.reset();
    process_->signal(SIGTERM);
    const auto status = process_->wait();
    INFO("log of the server:\n" << log());
    REQUIRE(status == 0);
}

void running_server::kill() {
    http_.reset();
    process_->signal(SIGKILL);
    process_->wait();
}

void running_server::restart() {
    stop();
    start();
}

client& running_server::http() {
    if (!http_)
        http_ = std::make_unique<client>(port_);
    return *http_;
}

user running_server::create_user(std::string_view name) {
    const auto email = std::string{name} + "@example.com";
    const auto answer = http().post("/users/", {{"username", name}, {"email", email}});
    require(answer, 201);
    return to_user(answer.json().at("user"));
}

order running_server::place_order(std::string_view username, std::string_view product_name, std::int64_t quantity) {
    const auto answer =
        http().post("/orders/", {{"username", username}, {"product_name", product_name}, {"quantity", quantity}});
    require(answer, 201);
    return to_order(answer.json().at("order"));
}

void running_server::rename(const user& u, std::string_view name) {
    require(http().patch(place("users", u.id), {{"username", name}}), 200);
}

void running_server::remove(const user& u) {
    require(http().remove(place("users", u.id)), 204);
}

void running_server::remove(const order& o) {
    require(http().remove(place("orders", o.id)), 204);
}

user running_server::find(const user& u) {
    const auto answer = http().get(place("users", u.id));
    require(answer, 200);
    return to_user(answer.json());
}

order running_server::find(const order& o) {
    const auto answer = http().get(place("orders", o.id));
    require(answer, 200);
    return to_order(answer.json());
}

std::vector<boost::json::value> running_server::all_of(std::string_view path) {
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

bool running_server::is_quiet() {
    const auto answer = http().get("/readyz");
    require(answer, 200);
    return answer.json().at("bus").at("pending") == 0;
}

std::vector<user> running_server::users() {
    std::vector<user> all;
    for (const auto& json : all_of("/users/"))
        all.push_back(to_user(json));
    return all;
}

std::vector<order> running_server::orders() {
    std::vector<order> all;
    for (const auto& json : all_of("/orders/"))
        all.push_back(to_order(json));
    return all;
}

} // namespace atrium::support
