#include "manual_page.hpp"

#include "version.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace atrium::app {
namespace {

/// The sections that cannot be derived from the declarations of the command line.
constexpr std::string_view other_sections = R"(.SH CONFIGURATION
Every setting has a default.
Values come from a file in TOML, from the environment and from the command line; each of these overrides those before it.
The file that comes with the program contains every key with a comment and its default.
.BR "atrium check" " lists all errors in the configuration."
.SH ENVIRONMENT
.TP
.B ATRIUM_SECTION__KEY
The setting
.IR section . key :
.B ATRIUM_HTTP__PORT=8080
sets
.BR http.port .
.TP
.BR VISUAL ", " EDITOR
The editor of
.BR "atrium events edit" .
.TP
.BR NOTIFY_SOCKET ", " WATCHDOG_USEC
Set by
.BR systemd (1).
If they are set,
.B atrium serve
reports to systemd that it listens, that it works, and that it stops, as described in
.BR sd_notify (3).
.SH FILES
.TP
.I config.toml
The configuration, if it exists in the working directory and
.B \-\-config
is not given.
.TP
.I /etc/atrium/config.toml
The configuration of the service in the Debian package.
.TP
.I /var/lib/atrium
The data of that service.
.SH SIGNALS
.TP
.BR SIGTERM ", " SIGINT
.B atrium serve
completes the requests that it has begun, and ends.
Before that, it continues to serve as long as
.B shutdown.delay
specifies. A second signal ends this delay, a further one ends the program immediately.
.TP
.B SIGHUP
.B atrium serve
reads the TLS certificate and its key again.
If its terminal was closed, it ends as at
.BR SIGTERM .
.SH EXIT STATUS
.TP
.B 0
Success.
.TP
.B 1
A failure; a message explains it.
.TP
.B 2
An error in the command line.
.TP
.B 130
.B atrium events
was interrupted.
.SH SEE ALSO
.BR systemd.service (5),
.BR sqlite3 (1)
.PP
The documentation is in
.IR /usr/share/doc/atrium .
)";

/// Escapes text for roff. Each hyphen becomes a minus sign: a reader who searches for the name of an option, or copies it,
/// could not use a typographic hyphen.
std::string escaped(std::string_view text) {
    std::string roff;
    for (const char c : text) {
        if (c == '\\')
            roff += "\\e";
        else if (c == '-')
            roff += "\\-";
        else if (c == '\'')
            roff += "\\(aq";
        else if (c == '"')
            roff += "\\(dq";
        else
            roff += c;
    }
    return roff.starts_with('.') ? "\\&" + roff : roff;
}

std::string bold(std::string_view text) {
    return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + escaped(text) + "\\fR";
}

/// Makes a sentence of the description of a command or option, by adding the period that most descriptions lack.
std::string sentence(std::string_view text) {
    return escaped(text) + (text.ends_with('.') ? "\n" : ".\n");
}

/// "--set KEY=VALUE", or "FILE" for an argument.
std::string form(const described_option& option) {
    std::string text;
    for (const auto& name : option.names)
        text.append(text.empty() ? "" : ", ").append(bold(name));
    if (!option.value.empty())
        text.append(text.empty() ? "" : " ").append(italic(option.value));
    return text;
}

bool contains(const std::vector<described_option>& options, const described_option& option) {
    return std::find(options.begin(), options.end(), option) != options.end();
}

/// The options that all of these commands have, including commands within commands. The page shows them only once.
std::vector<described_option> common_options(const std::vector<described_command>& commands) {
    const auto options_of = [](const described_command& command) {
        return command.commands.empty() ? command.options : common_options(command.commands);
    };
    auto common = options_of(commands.front());
    for (const auto& command : commands) {
        const auto options = options_of(command);
        std::erase_if(common, [&](const auto& option) { return !contains(options, option); });
    }
    return common;
}

std::string options_text(const std::vector<described_option>& options, const std::vector<described_option>& shown_elsewhere) {
    std::string text;
    for (const auto& option : options)
        if (!contains(shown_elsewhere, option))
            text += ".TP\n" + form(option) + "\n" + sentence(option.description);
    return text;
}

/// "atrium events show SEQ [OPTION...]"
std::string synopsis(const std::string& path, const described_command& command) {
    auto text = bold(path);
    for (const auto& option : command.options)
        if (option.is_positional) {
            const auto value = italic(option.value) + (option.is_repeatable ? "..." : "");
            text += option.is_required ? " " + value : " [" + value + "]";
        }
    return text + " [" + italic("OPTION") + "...]";
}

/// A section for each command, and for each command within a command.
std::string commands_text(const std::string& path, const described_command& parent,
                          const std::vector<described_option>& common) {
    std::string text;
    for (const auto& command : parent.commands) {
        const auto full_name = path + " " + command.name;
        if (command.commands.empty()) {
            text += ".SS " + synopsis(full_name, command) + "\n" + sentence(command.description);
            text += options_text(command.options, common);
        } else {
            auto shown_elsewhere = common_options(command.commands);
            text += ".SS " + bold(full_name) + " " + italic("COMMAND") + "\n" + sentence(command.description);
            if (const auto options = options_text(shown_elsewhere, common); !options.empty())
                text += "All of its commands have these options:\n" + options;
            text += commands_text(full_name, command, shown_elsewhere);
        }
    }
    return text;
}

/// The description of the program without its name, for the list of all manual pages: "users and orders ..., in one process".
std::string subject(const described_command& program) {
    const auto colon = program.description.find(": ");
    auto text = colon == std::string::npos ? program.description : program.description.substr(colon + 2);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

} // namespace

std::string manual_page(const described_command& program) {
    const auto common = common_options(program.commands);
    const auto& name = program.name;
    return ".\\\" Generated by \"atrium manual\" from the declarations of the command line.\n"
           ".TH ATRIUM 1 \"\" \"Atrium " +
           std::string{version()} + "\"\n.SH NAME\n" + name + " \\- " + escaped(subject(program)) + "\n.SH SYNOPSIS\n" +
           bold(name) + " " + italic("COMMAND") + " [" + italic("ARGUMENT") + "...] [" + italic("OPTION") +
           "...]\n.SH OPTIONS\nAll commands have these options:\n" + options_text(common, {}) + ".SH COMMANDS\n" +
           commands_text(name, program, common) + std::string{other_sections};
}

} // namespace atrium::app
