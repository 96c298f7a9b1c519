#include "scene.hpp"

#include <support/at_rest.hpp>
#include <support/enabled_modules.hpp>
#include <support/eventually.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace atrium::soak {
namespace {

constexpr auto customer = "customer"; // the user of the orders that `side::try_to_create` places

/// Returns the path of libfaketime, which Debian installs in a folder that is named after the machine's architecture.
std::string faketime_library() {
    for (const auto& each : std::filesystem::directory_iterator{"/usr/lib"})
        if (const auto found = each.path() / "faketime" / "libfaketimeMT.so.1"; std::filesystem::exists(found))
            return found.string();
    throw std::runtime_error{"libfaketime is not installed: ./dev soak installs it, or run apt-get install faketime"};
}

std::vector<std::string> settings_of(const support::held_port& port, const std::string& broker_url,
                                     std::vector<std::string> other_settings) {
    other_settings.insert(other_settings.end(), {"http.port=" + std::to_string(port.number()), "bus.adapter=rabbitmq",
                                                 "bus.rabbitmq.url=" + broker_url, "bus.rabbitmq.heartbeat=1s",
                                                 "bus.rabbitmq.connect_timeout=1s", "http.deadlines.idle=1d"});
    return other_settings;
}

/// Stops the server and returns the folder of its database. A mount on this folder hides the existing files, so the server
/// later starts with an empty folder.
std::filesystem::path stop_and_find_folder(support::running_server& server) {
    server.stop();
    return server.database().parent_path();
}

} // namespace

shifted_time::shifted_time() {
    shift(std::chrono::seconds{0});
}

std::vector<std::string> shifted_time::wrapper() const {
    return {"env", "LD_PRELOAD=" + faketime_library(), "FAKETIME_TIMESTAMP_FILE=" + (folder_ / "offset").string(),
            "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"};
}

void shifted_time::shift(std::chrono::seconds offset) {
    std::ofstream{folder_ / "next"} << (offset.count() < 0 ? "" : "+") << offset.count() << '\n';
    std::filesystem::rename(folder_ / "next", folder_ / "offset"); // so that the process never reads a partly written file
}

side::side(std::string name, support::rabbitmq_broker& broker, const std::string& vhost, std::vector<std::string> settings)
    : name_{std::move(name)}, gate_{broker.port()},
      server_{settings_of(port_, broker.url_through(gate_.port(), vhost), std::move(settings)), time_.wrapper()},
      disk_{stop_and_find_folder(server_)} {
    server_.start();
}

support::reply side::try_to_create() {
    if (name_ == "orders")
        return server_.http().post("/orders/", {{"username", customer}, {"product_name", "tea"}});
    const auto user = "user-" + std::to_string(++created_users_);
    return server_.http().post("/users/", {{"username", user}, {"email", user + "@example.com"}});
}

scene::scene()
    : users_{"users", broker_, vhost_, {R"(modules.enabled=["users"])"}},
      orders_{
          "orders",
          broker_,
          vhost_,
          {support::all_modules_but("users"), "modules.orders.users_url=http://127.0.0.1:" + std::to_string(users_.port())}} {
    // Waits for the three quorum queues. Each relay also has an exclusive queue for inquiries, which is not replicated.
    support::eventually([this] { return std::ranges::count_if(broker_.queues(vhost_), &support::broker_queue::quorum) == 3; });
    broker_.store_queue_list();
    users_.server().create_user(customer);
}

bool scene::is_at_rest() {
    return support::is_at_rest([this] { return users_.server().is_quiet() && orders_.server().is_quiet(); }, broker_, vhost_);
}

} // namespace atrium::soak
