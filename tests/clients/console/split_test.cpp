#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/rabbitmq_broker.hpp>

#include <cstdlib>
#include <iostream>

// Runs the tests of the console with users and orders in two processes and a broker between them. Both processes require
// tokens. CTest also runs most of these tests with one process.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// Runs one file of the console's tests, with a virtual host of its own at the broker.
void run_tests(const std::string& name) {
    auto& broker = shared_broker();
    const char* const sanitizer = std::getenv("ATRIUM_SANITIZE");
    process node{{ATRIUM_NODE, "--test", ATRIUM_CONSOLE_TESTS "/" + name + ".test.mjs"},
                 {"ATRIUM_BINARY=" ATRIUM_PROGRAM, "ATRIUM_BROKER=" + broker.url(broker.new_vhost()),
                  "ATRIUM_SANITIZE=" + std::string{sanitizer ? sanitizer : ""}}};
    eventually([&] { return !node.runs(); }, 600s);
    INFO("the tests of " << name);
    const auto status = node.wait();
    CHECK(status == 0);
    if (status != 0)
        std::cerr << node.out() << node.err(); // printed here, because Catch2 would wrap the lines of a message
}

} // namespace

TEST_CASE("with two processes, the console's pages about the server work", "[pages]") {
    run_tests(GENERATE("api", "house", "now", "requests", "sign_in", "system"));
}

TEST_CASE("with two processes, the console's pages of entities work", "[pages]") {
    run_tests(GENERATE("entities", "keyboard"));
}

TEST_CASE("with two processes, the console's pages of events and subscriptions work", "[events]") {
    run_tests(GENERATE("actions", "dead_letters", "events", "long_actions", "subscriptions", "split"));
}
