#include <support/enabled_modules.hpp>
#include <support/split_servers.hpp>

namespace atrium::support {
namespace {

std::vector<std::string> join(std::vector<std::string> settings, const std::vector<std::string>& added_settings) {
    settings.insert(settings.end(), added_settings.begin(), added_settings.end());
    return settings;
}

std::string with_port(std::string_view text, const held_port& port) {
    return std::string{text} + std::to_string(port.number());
}

} // namespace

split_servers::split_servers(std::vector<std::string> settings) : split_servers{settings, settings} {}

split_servers::split_servers(std::vector<std::string> users_settings, std::vector<std::string> orders_settings)
    : users_process_{join(std::move(users_settings), {R"(modules.enabled=["users"])", with_port("http.port=", users_port_)})},
      orders_process_{complete_orders_settings(std::move(orders_settings))} {}

std::vector<std::string> split_servers::complete_orders_settings(std::vector<std::string> settings) const {
    return join(std::move(settings), {all_modules_but("users"), with_port("http.port=", orders_port_),
                                      with_port("modules.orders.users_url=http://127.0.0.1:", users_port_)});
}

void split_servers::restart_orders(std::vector<std::string> settings) {
    orders_process_.stop();
    orders_process_.set_settings(complete_orders_settings(std::move(settings)));
    orders_process_.start();
}

void split_servers::start() {
    users_process_.start();
    orders_process_.start();
}

void split_servers::stop() {
    orders_process_.stop();
    users_process_.stop();
}

void split_servers::kill() {
    orders_process_.kill();
    users_process_.kill();
}

void split_servers::restart() {
    stop();
    start();
}

bool split_servers::is_quiet() {
    return users_process_.is_quiet() && orders_process_.is_quiet();
}

reply split_servers::path_router::send(std::string_view method, std::string_view target, std::string_view body,
                                       const headers& h) {
    auto& process = target.starts_with("/orders") ? servers_.orders_process_ : servers_.users_process_;
    return process.http().send(method, target, body, h);
}

} // namespace atrium::support
