#include "session.hpp"

#include "json_text.hpp"

#include <base/printable.hpp>

#include <boost/json/parse.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace atrium::event_commands {
namespace {

/// The width of the terminal at standard output, in characters; 0 if standard output is not a terminal.
std::size_t terminal_width() {
    winsize size{};
    if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

} // namespace

void print_error(std::string_view text) {
    std::cout.flush();
    std::cerr << "atrium: " << printable_lines(text) << '\n';
}

int report_refusal(const answer& a) {
    auto text = "the server answered " + std::to_string(a.status);
    boost::system::error_code not_json;
    const auto body = boost::json::parse(a.body, not_json);
    const auto detail = not_json ? a.body : text_of(body, "detail");
    if (!detail.empty())
        text += ": " + detail;
    if (const auto errors = items_of(body, "errors"); errors.size() > 1)
        for (const auto& each : errors)
            text += "\n  " + text_of(each, "pointer") + text_of(each, "parameter") + " " + text_of(each, "detail");
    print_error(text);
    return failure;
}

void print_table(const table& t, std::string_view if_empty) {
    if (t.empty())
        std::cout << if_empty << '\n';
    else
        std::cout << t.render(terminal_width());
}

std::optional<boost::json::value> parse_body(const answer& a) {
    boost::system::error_code not_json;
    auto body = boost::json::parse(a.body, not_json);
    if (!not_json)
        return body;
    print_error("the response is not JSON; is this the URL of an Atrium server?");
    return std::nullopt;
}

std::optional<std::string> read_text(const std::string& value) {
    if (value == "-")
        return std::string{std::istreambuf_iterator<char>{std::cin}, {}};
    if (!value.starts_with('@'))
        return value;
    std::ifstream file{value.substr(1)};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (file)
        return text;
    print_error("the file " + value.substr(1) + " cannot be read");
    return std::nullopt;
}

bool can_ask() {
    return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

bool ask(std::string_view question) {
    std::cout.flush();
    std::cerr << question << " [y/N] " << std::flush;
    std::string line;
    return std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
}

} // namespace atrium::event_commands
