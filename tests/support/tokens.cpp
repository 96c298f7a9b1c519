#include <support/catch.hpp>
#include <support/process.hpp>
#include <support/running_server.hpp>
#include <support/tokens.hpp>

namespace atrium::support {
namespace {

/// Runs `atrium token ...` and returns its output.
std::string run_token_command(const std::filesystem::path& database, const std::vector<std::string>& arguments) {
    std::vector<std::string> command{atrium_program(), "token"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"--set", "storage.path=" + database.string()});
    process program{command};
    const auto status = program.wait();
    INFO(program.err());
    REQUIRE(status == 0);
    return program.out();
}

} // namespace

std::string create_token(const std::filesystem::path& database, const std::string& name, const std::vector<std::string>& scopes,
                         const std::string& expires) {
    std::vector<std::string> arguments{"create", "--name", name};
    for (const auto& scope : scopes)
        arguments.insert(arguments.end(), {"--scope", scope});
    if (!expires.empty())
        arguments.insert(arguments.end(), {"--expires", expires});
    auto lines = run_token_command(database, arguments);
    REQUIRE(lines.ends_with('\n'));
    lines.pop_back();
    return lines.substr(lines.rfind('\n') + 1);
}

void revoke_token(const std::filesystem::path& database, const std::string& name) {
    (void)run_token_command(database, {"revoke", "--name", name});
}

} // namespace atrium::support
