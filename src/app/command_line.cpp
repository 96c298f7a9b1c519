#include "command_description.hpp"
#include "completions.hpp"
#include "manual_page.hpp"
#include "module_graph.hpp"
#include "registry.hpp"
#include "usage_error.hpp"

#include <app/command_line.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::app {
namespace {

constexpr const char* default_configuration = "config.toml";

void add_assignments(CLI::App& command, config::sources& sources) {
    command.add_option("--set", sources.assignments, "Set one key, overriding file and environment; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false); // each --set takes one assignment
}

/// Adds the options that almost every command has.
void add_common_options(CLI::App& command, config::sources& sources) {
    command.add_option("--config", sources.file, "Read this TOML file (default: ./config.toml if it exists)")
        ->type_name("FILE");
    add_assignments(command, sources);
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description, config::sources& sources) {
    auto* command = parent.add_subcommand(name, description);
    add_common_options(*command, sources);
    return command;
}

void add_token_commands(CLI::App& token, command_line& options) {
    auto& token_options = options.token;
    const auto add = [&](const std::string& name, const std::string& description, token_verb verb) {
        auto* command = add_command(token, name, description, options.sources);
        command->callback([&token_options, verb] { token_options.verb = verb; });
        return command;
    };
    token.require_subcommand(1);
    auto* create = add("create", "Create a token and print it", token_verb::create);
    create->add_option("--name", token_options.name, "The name of the program or person that uses the token")->required();
    create->add_option("--scope", token_options.scopes, "What the token allows, such as users:read, or admin; may be repeated")
        ->required()
        ->allow_extra_args(false);
    create->add_option("--expires", token_options.expires,
                       "How long the token is valid, such as 30d (default: until it is revoked)");
    auto* list = add("list", "List tokens", token_verb::list);
    list->add_flag("--json", token_options.is_json, "Print JSON");
    auto* revoke = add("revoke", "Revoke a token; a running server refuses it within a second", token_verb::revoke);
    revoke->add_option("--name", token_options.name, "The name of the token")->required();
}

/// The help text of the command with these names, such as "events", "list", or of the program if there are no names. If a name
/// is unknown, prints a message and returns the exit status.
boost::system::result<std::string, int> help_of(const CLI::App& program, const std::vector<std::string>& names) {
    const auto* command = &program;
    auto path = program.get_name();
    for (const auto& name : names) {
        const auto found = command->get_subcommands([&](const CLI::App* each) { return each->get_name() == name; });
        if (found.empty()) {
            std::cerr << "atrium: " << unknown_command(*command, name) << '\n';
            return exit_usage;
        }
        path += " " + name;
        command = found.front();
    }
    return program.get_formatter()->make_help(command, path, CLI::AppFormatMode::Normal);
}

} // namespace

boost::system::result<command_line, int> parse_command_line(int count, const char* const* arguments) {
    command_line options{};
    CLI::App program{"Atrium: users and orders around one event bus, in one process.", "atrium"};
    program.require_subcommand(0, 1);
    program.failure_message(
        [arguments = std::span{arguments, static_cast<std::size_t>(count)}](const CLI::App* app, const CLI::Error& failure) {
            return usage_message(*app, failure, arguments);
        });

    auto* serve = add_command(program, "serve", "Bring the database up to date and serve", options.sources);
    serve->add_flag("--force", options.force, "Start even if events may be left at the broker of the previous bus adapter");
    auto* demo =
        program.add_subcommand("demo", "Serve made-up users and orders under a light load, and remove them at the end");
    add_assignments(*demo, options.sources);
    auto* migrate = add_command(program, "migrate", "Bring the database up to date", options.sources);
    migrate->add_flag("--dry-run", options.dry_run, "Only list the migrations that would be applied");
    auto* check = add_command(program, "check", "Check configuration and database without changing anything", options.sources);
    bool is_graph = false;
    check->add_flag("--graph", is_graph,
                    "Check nothing, but print the modules, their topics and subscriptions as a Mermaid diagram");
    auto* backup =
        add_command(program, "backup", "Copy the database to a file, whether or not a server uses it", options.sources);
    backup->add_option("FILE", options.target, "The file to write")->required();
    backup->add_flag("--force", options.force, "Replace the file if it exists");
    backup->add_flag("--if-exists", options.tolerates_absence, "Succeed without writing a file if there is no database yet");
    auto* events = program.add_subcommand("events", "See and change the events of a running server");
    event_commands::add_commands(*events, options.events,
                                 [&options](CLI::App& command) { add_common_options(command, options.sources); });
    auto* completion =
        add_command(program, "completion", "Print a script with which a shell completes commands and options", options.sources);
    std::string shell;
    completion->add_option("SHELL", shell, "The shell")->required()->check(CLI::IsMember(shells_with_completions()));
    const auto* manual = add_command(program, "manual", "Print the manual page, for man(1)", options.sources);
    auto* token = program.add_subcommand("token", "Create, list and revoke tokens, whether or not a server uses the database");
    add_token_commands(*token, options);
    const auto* version = add_command(program, "version", "Print the version", options.sources);
    bool is_version = false;
    program.add_flag("--version", is_version, "Print the version");
    std::vector<std::string> command_path;
    auto* help = program.add_subcommand("help", "Explain a command and its options");
    help->add_option("COMMAND", command_path, "The command, such as: events list");

    try {
        program.parse(count, arguments);
    } catch (const CLI::ParseError& failure) {
        return program.exit(failure) == exit_success ? exit_success : exit_usage;
    }

    if (*serve)
        options.command = command::serve;
    else if (*demo)
        options.command = command::demo;
    else if (*migrate)
        options.command = command::migrate;
    else if (*check)
        options.command = is_graph ? command::print : command::check;
    else if (*backup)
        options.command = command::backup;
    else if (*events)
        options.command = command::events;
    else if (*completion || *manual || *help)
        options.command = command::print;
    else if (*token)
        options.command = command::token;
    else if (*version || is_version)
        options.command = command::version;
    else {
        std::cerr << program.help();
        return exit_usage;
    }

    if (*help) {
        auto text = help_of(program, command_path);
        if (!text)
            return text.error();
        options.text = *std::move(text);
    } else if (options.command == command::print)
        options.text = is_graph  ? module_graph(registered_modules())
                       : *manual ? manual_page(describe(program))
                                 : completions(describe(program), shell);
    options.sources.environment = config::process_environment();
    if (options.sources.file.empty() && std::filesystem::exists(default_configuration))
        options.sources.file = default_configuration;
    return options;
}

} // namespace atrium::app
