#include <app/command_line.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>

namespace atrium::app {
namespace {

constexpr const char* default_configuration = "config.toml";

/// The options that every command has.
CLI::App* add_command(CLI::App& to, const std::string& name, const std::string& description, config::sources& sources) {
    auto* added = to.add_subcommand(name, description);
    added->add_option("--config", sources.file, "Read this TOML file (default: ./config.toml where there is one)")
        ->type_name("FILE");
    added->add_option("--set", sources.assignments, "Set one key, after file and environment; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false); // each --set takes one
    return added;
}

} // namespace

boost::system::result<command_line, int> parse_command_line(int count, const char* const* arguments) {
    command_line asked{};
    CLI::App program{"Atrium: users and orders around one event bus, in one process.", "atrium"};
    program.require_subcommand(0, 1);
    program.failure_message(CLI::FailureMessage::simple);

    auto* serve = add_command(program, "serve", "Bring the database up to date and serve", asked.sources);
    serve->add_flag("--force", asked.force,
                    "Start although events may be left at the broker of the bus adapter that ran before");
    auto* migrate = add_command(program, "migrate", "Bring the database up to date", asked.sources);
    migrate->add_flag("--dry-run", asked.dry_run, "Only say what would be done");
    const auto* check = add_command(program, "check", "Check configuration and database, change nothing", asked.sources);
    auto* events = program.add_subcommand("events", "Talk to the running server about its events");
    events->require_subcommand(1);
    const auto* drain =
        add_command(*events, "drain", "Bring home what is at the broker, before another bus adapter takes over", asked.sources);
    const auto* version = add_command(program, "version", "Say which version this is", asked.sources);

    try {
        program.parse(count, arguments);
    } catch (const CLI::ParseError& wrong) {
        return program.exit(wrong) == exit_success ? exit_success : exit_usage;
    }

    if (*serve)
        asked.command = command::serve;
    else if (*migrate)
        asked.command = command::migrate;
    else if (*check)
        asked.command = command::check;
    else if (*drain)
        asked.command = command::drain;
    else if (*version)
        asked.command = command::version;
    else {
        std::cerr << program.help();
        return exit_usage;
    }

    asked.sources.environment = config::process_environment();
    if (asked.sources.file.empty() && std::filesystem::exists(default_configuration))
        asked.sources.file = default_configuration;
    return asked;
}

} // namespace atrium::app
