#pragma once

#include <support/catch.hpp>
#include <support/process.hpp>
#include <support/running_server.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium::support {

/// The output and the exit status of a command.
struct outcome {
    int status;
    std::string out;
    std::string err;
};

inline outcome run(const std::vector<std::string>& command, const process::environment& extra = {}) {
    process program{command, extra};
    const int status = program.wait();
    return {status, program.out(), program.err()};
}

inline std::string url_of(const running_server& server) {
    return "http://127.0.0.1:" + std::to_string(server.port());
}

/// The arguments of `atrium events ...` for this server.
inline std::vector<std::string> events_command(const running_server& server, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {atrium_program(), "events"});
    arguments.insert(arguments.end(), {"--server", url_of(server)});
    return arguments;
}

inline outcome events(const running_server& server, std::vector<std::string> arguments,
                      const process::environment& extra = {}) {
    return run(events_command(server, std::move(arguments)), extra);
}

/// Checks that the command succeeded, and returns its output.
inline std::string output_of(const outcome& o) {
    INFO("status " << o.status << "\nout: " << o.out << "\nerr: " << o.err);
    REQUIRE(o.status == 0);
    return o.out;
}

} // namespace atrium::support
