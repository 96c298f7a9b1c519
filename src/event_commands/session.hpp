#pragma once

#include "server_client.hpp"
#include "table.hpp"

#include <event_commands/commands.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What the commands share: the server and the terminal.
namespace atrium::event_commands {

inline constexpr int success = 0;
inline constexpr int failure = 1;
inline constexpr int wrong_use = 2;
inline constexpr int interrupted = 130; ///< 128 + SIGINT, as shells report it

/// One run of a command.
struct session {
    const event_commands::command& command;
    const server_client& server;
};

/// Prints a line for the person at the terminal to standard error: "atrium: ...".
void print_error(std::string_view text);

/// Prints why the server refused a request, with each error of its input. Returns `failure`.
[[nodiscard]] int report_refusal(const answer& a);

/// Prints the table, cut to the width of the terminal (see `table::render`). If the table has no rows, prints the line
/// `if_empty` instead.
void print_table(const table& t, std::string_view if_empty);

/// The body as JSON. If the body is not JSON, the server is probably not Atrium: prints an error and returns nothing.
[[nodiscard]] std::optional<boost::json::value> parse_body(const answer& a);

/// Returns the text that the argument `value` stands for: the content of FILE for "@FILE", standard input for "-", and
/// otherwise `value` itself. Prints an error and returns nothing if the file cannot be read.
[[nodiscard]] std::optional<std::string> read_text(const std::string& value);

/// Whether standard input and standard error are a terminal, so that a question can be asked.
[[nodiscard]] bool can_ask();
/// Asks a question that is answered with y or n; anything else means no.
[[nodiscard]] bool ask(std::string_view question);

} // namespace atrium::event_commands
