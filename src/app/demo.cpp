#include "demo.hpp"

#include "serve.hpp"

#include <demo/load.hpp>
#include <demo/unreliable.hpp>

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace atrium::app {
namespace {

/// The beginnings of keys that the user of a demonstration cannot set, because the demonstration sets them itself, or because
/// their defaults isolate it from other servers and other machines.
constexpr std::array<std::string_view, 8> fixed_keys{"auth.",    "bus.",         "http.address",    "http.allow_",
                                                     "modules.", "storage.path", "storage.backups", "tls."};

/// Settings with which failing deliveries become dead letters after seconds instead of minutes.
constexpr std::array<std::string_view, 3> demo_values{"events.retry.attempts=4", "events.retry.first_delay=1s",
                                                      "events.retry.longest_delay=4s"};

std::filesystem::path make_folder() {
    auto name = (std::filesystem::temp_directory_path() / "atrium-demo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{name + " cannot be created: " + std::generic_category().message(errno) +
                                 "; set TMPDIR to a folder in which this user can create files"};
    return name;
}

void check_assignment(std::string_view assignment) {
    const auto is_fixed = [&](std::string_view each) { return assignment.starts_with(each); };
    if (std::ranges::any_of(fixed_keys, is_fixed))
        throw std::runtime_error{"atrium demo uses a database of its own and serves only this machine, so " +
                                 std::string{assignment.substr(0, assignment.find('='))} + " cannot be set"};
}

} // namespace

demo_folder::demo_folder() : path_{make_folder()} {}

demo_folder::~demo_folder() {
    std::error_code failure;
    std::filesystem::remove_all(path_, failure);
    if (failure)
        std::cerr << "atrium: " << path_.string() << " could not be removed: " << failure.message() << '\n';
}

config::sources demo_folder::isolate(const config::sources& given) const {
    config::sources own;
    own.assignments.push_back("storage.path=" + (path_ / "atrium.db").string());
    own.assignments.insert(own.assignments.end(), demo_values.begin(), demo_values.end());
    for (const auto& each : given.assignments) {
        check_assignment(each);
        own.assignments.push_back(each);
    }
    return own;
}

int demonstrate(const settings& s) {
    std::cout << "This is a demonstration with made-up users and orders. Its data are in "
              << s.storage.path.parent_path().string() << "\nand are removed when it ends (Ctrl-C).\n"
              << std::flush;
    const auto begin = [&s](std::uint16_t port, const logger& parent) {
        const auto log = parent.named("demo");
        const auto announce = [log, url = server_url(s, port)] {
            log.info("the users and orders have been created, and the load continues; the subscription demo.unreliable fails "
                     "on purpose; to look around, open " +
                     url + "/ in a browser");
        };
        return std::make_shared<demo::load>(port, demo::load_size{}, log, announce);
    };
    return serve(s, false, {.subscriptions = {{demo::unreliable_subscription(), demo::pack_order}}, .begin = begin});
}

} // namespace atrium::app
