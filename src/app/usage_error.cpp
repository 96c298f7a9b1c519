#include "usage_error.hpp"

#include "command_description.hpp"

#include <app/settings.hpp>
#include <base/printable.hpp>
#include <config/suggestion.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>

namespace atrium::app {
namespace {

constexpr std::string_view not_shown = "(not shown)";

bool is_word(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

/// Whether this can be the name of an option, such as --dry-run, or of a setting that was written like one: --http.port.
bool is_option_name(std::string_view text) {
    return text.starts_with("--") && text.size() > 2 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-_.") == std::string_view::npos;
}

/// The part of an argument before "=".
std::string_view name_in(std::string_view argument) {
    return argument.substr(0, argument.find('='));
}

/// The form of an argument that a message may contain: a command or the name of an option, but nothing that may be a value.
std::string shown_argument(std::string_view argument, bool is_command) {
    const auto name = name_in(argument);
    if (is_option_name(name))
        return std::string{name} + (name == argument ? "" : "=" + std::string{not_shown});
    return std::string{is_command && is_word(argument) ? argument : not_shown};
}

/// Replaces `text` wherever spaces, line breaks, or the start or end of `line` delimit it.
void replace_words(std::string& line, std::string_view text, const std::string& replacement) {
    const auto is_end = [&](std::size_t position) {
        return position >= line.size() || line[position] == ' ' || line[position] == '\n';
    };
    for (auto position = line.find(text); !text.empty() && position != std::string::npos;
         position = line.find(text, position)) {
        const bool is_whole = (position == 0 || is_end(position - 1)) && is_end(position + text.size());
        if (is_whole)
            line.replace(position, text.size(), replacement);
        position += is_whole ? replacement.size() : 1;
    }
}

/// Whether the argument after this one is a command as well.
bool has_subcommands(std::string_view command) {
    return command == "events" || command == "token";
}

/// The message of CLI11, in which a placeholder replaces each value of an argument.
std::string general_message(const CLI::Error& failure, std::span<const char* const> arguments) {
    std::string message = failure.what();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        const bool is_command = i == 1 || (i == 2 && has_subcommands(arguments[1]));
        replace_words(message, argument, shown_argument(argument, is_command));
        if (const auto equals = argument.find('='); equals != std::string_view::npos) // the value of a flag
            replace_words(message, argument.substr(equals + 1), std::string{not_shown});
    }
    return message;
}

/// A command that was chosen, and its name after those of the commands that contain it: "events list".
struct chosen_command {
    const CLI::App* command;
    std::string path;
};

chosen_command find_chosen(const CLI::App& program) {
    chosen_command chosen{&program, {}};
    for (auto within = program.get_subcommands(); !within.empty(); within = chosen.command->get_subcommands()) {
        chosen.command = within.back();
        chosen.path.append(chosen.path.empty() ? "" : " ").append(chosen.command->get_name());
    }
    return chosen;
}

std::vector<std::string> option_names(const described_command& command) {
    std::vector<std::string> names;
    for (const auto& option : command.options)
        names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

/// The name of the setting that was probably meant by "port", "http-port" or "http.prt"; empty if there is none.
std::string nearest_setting(std::string_view written) {
    std::vector<std::string> keys;
    if (const auto defaults = read_settings({}))
        for (const auto& each : defaults->configuration)
            keys.push_back(each.key);
    return config::nearest(written, keys);
}

/// A suggestion such as "; did you mean --set http.port=VALUE?", or an empty text.
std::string advice(const chosen_command& chosen, std::string_view argument) {
    const auto options = option_names(describe(*chosen.command));
    const auto name = name_in(argument);
    if (is_option_name(name))
        if (const auto option = config::nearest(name, options); !option.empty())
            return "; did you mean " + option + "?";
    const bool can_be_setting = is_option_name(name) || name != argument;
    if (!can_be_setting || std::ranges::find(options, "--set") == options.end())
        return {};
    const auto key = nearest_setting(name.substr(std::min(name.find_first_not_of('-'), name.size())));
    return key.empty() ? std::string{} : "; did you mean --set " + key + "=VALUE?";
}

/// The message for the first argument that the chosen command does not take.
std::string unexpected_argument(const CLI::App& program, const chosen_command& chosen, const std::string& argument) {
    const bool has_commands = !chosen.command->get_subcommands({}).empty();
    if (has_commands && !argument.starts_with('-'))
        return unknown_command(*chosen.command, argument);
    const auto subject = chosen.path.empty() ? program.get_name() : chosen.path;
    const bool is_option = is_option_name(name_in(argument));
    return subject + (is_option ? " has no option " : " does not take the argument ") +
           (is_option ? std::string{name_in(argument)} : std::string{not_shown}) + advice(chosen, argument);
}

} // namespace

std::string unknown_command(const CLI::App& parent, const std::string& name) {
    std::vector<std::string> names;
    for (const auto* each : parent.get_subcommands({}))
        names.push_back(each->get_name());
    const auto suggestion = config::nearest(name, names);
    const auto group = parent.get_parent() ? parent.get_name() + " " : std::string{};
    return "there is no command " + group + shown_argument(name, true) +
           (suggestion.empty() ? "" : "; did you mean " + group + suggestion + "?");
}

std::string usage_message(const CLI::App& program, const CLI::Error& failure, std::span<const char* const> arguments) {
    auto unexpected = program.remaining(true);
    std::erase(unexpected, "--");
    const auto chosen = find_chosen(program);
    const auto message =
        unexpected.empty() ? general_message(failure, arguments) : unexpected_argument(program, chosen, unexpected.front());
    return printable_lines("atrium: " + message + "\nFor help: atrium help" + (chosen.path.empty() ? "" : " ") + chosen.path +
                           "\n");
}

} // namespace atrium::app
