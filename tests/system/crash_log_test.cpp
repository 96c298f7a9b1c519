#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/running_server.hpp>

#include <boost/json.hpp>

#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

using namespace atrium::support;

TEST_CASE("a server that crashes writes its stack to the log, with the names of functions") {
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
        running_server server{{}, {"prlimit", "--core=0"}};
        server.create_user("ann");
        server.process().signal(signal);
        CHECK(server.process().wait() == 128 + signal);
        const auto log = server.log();
        CAPTURE(log);
        CHECK(log.find("\natrium: crashed: SIG") != std::string::npos);
        CHECK(log.find(", sent by process " + std::to_string(::getpid()) + " in thread \"atrium\"; atrium 0.1.0, build ") !=
              std::string::npos);
        CHECK(log.find("(main+0x") != std::string::npos);
        CHECK(log.ends_with("\natrium: end of the stack\n"));

        server.start(); // nothing that was acknowledged is lost
        CHECK(server.http().get("/users/").json().as_array().size() == 1);
        server.stop();
    }
}
