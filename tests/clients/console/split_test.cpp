#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/rabbitmq_broker.hpp>

#include <cstdlib>
#include <iostream>

// The tests of the console, which otherwise use one process, with users and orders in two processes and a broker between them.
// Both processes require tokens.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// Runs a file of tests for the console with a virtual host of its own.
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
        std::cerr << node.out() << node.err(); // as it is: a message of Catch2 would be wrapped
}

} // namespace

TEST_CASE("with two processes, the API is described and signing in works", "[pages]") {
    run_tests(GENERATE("api", "house", "now", "requests", "sign_in", "system"));
}

TEST_CASE("with two processes, entities are edited", "[pages]") {
    run_tests(GENERATE("entities", "keyboard"));
}

TEST_CASE("with two processes, events are followed and repaired", "[events]") {
    run_tests(GENERATE("actions", "dead_letters", "events", "long_actions", "subscriptions", "split"));
}
