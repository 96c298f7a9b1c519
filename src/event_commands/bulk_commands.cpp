#include "interrupt.hpp"
#include "json_text.hpp"
#include "verbs.hpp"

#include <unistd.h>

#include <iostream>
#include <utility>

namespace atrium::event_commands {
namespace {

using boost::json::value;
using namespace std::chrono_literals;

constexpr auto progress_interval = 500ms;

/// The route of a bulk action, and the words that describe the action to the user.
struct wording {
    std::string path;
    std::string objects; ///< "dead letters"
    std::string action;  ///< "Retry them"
    std::string done;    ///< "retried"
};

wording wording_of(const command& c) {
    switch (c.verb) {
    case verb::discard: return {"/events/dead-letters/discard", "dead letters", "Discard them", "discarded"};
    case verb::replay:
        return {"/events/subscriptions/" + percent_encoded(c.target) + "/replay", "events", "Replay them", "replayed"};
    case verb::resend: return {"/events/resend", "events", "Send them again", "sent again"};
    default: return {"/events/dead-letters/retry", "dead letters", "Retry them", "retried"};
    }
}

std::string body_of(const command& c, bool is_dry_run) {
    auto fields = c.fields;
    if (c.verb == verb::resend)
        fields["subscription"] = c.target;
    std::vector<std::string> flags;
    if (c.is_all)
        flags.emplace_back("all");
    if (is_dry_run)
        flags.emplace_back("dry_run");
    return to_body(fields, c.ids, flags);
}

/// Counts the matches of the action. With --dry-run, or if nothing matches, only prints the result. Otherwise asks the user for
/// confirmation. Returns nothing if the user agrees, otherwise the exit status of the command.
std::optional<int> confirm(const session& s, const wording& words) {
    const auto counted = s.server.post(words.path, body_of(s.command, true));
    if (!counted.is_success())
        return report_refusal(counted);
    const auto body = parse_body(counted);
    if (!body)
        return failure;
    const auto matched = text_of(*body, "matched");
    if (s.command.is_dry_run) {
        std::cout << (s.command.is_json ? counted.body : matched + " " + words.objects + " match; nothing was changed") << '\n';
        return success;
    }
    if (matched == "0") {
        std::cout << (s.command.is_json ? counted.body : "no " + words.objects + " match") << '\n';
        return success;
    }
    if (!can_ask()) {
        print_error(matched + " " + words.objects + " match; add --yes to confirm, because there is no terminal to ask at");
        return wrong_use;
    }
    if (!ask(matched + " " + words.objects + " match. " + words.action + "?")) {
        print_error("nothing was changed");
        return failure;
    }
    return std::nullopt;
}

/// "retried 3 of 3 dead letters"
std::string summary_of(const value& result, const wording& words) {
    auto text = words.done + " " + text_of(result, "done") + " of " + text_of(result, "matched") + " " + words.objects;
    if (const auto skipped = text_of(result, "skipped"); !skipped.empty() && skipped != "0")
        text += " (" + skipped + " skipped)";
    return text;
}

void print_result(const session& s, const std::string& body, const value& result, const wording& words) {
    std::cout << (s.command.is_json ? body : summary_of(result, words)) << '\n';
    if (const auto replay = text_of(result, "replay"); !s.command.is_json && !replay.empty())
        std::cout << "the id of the replay is " << replay << '\n';
}

/// Shows the progress on one line of a terminal. If the output is not a terminal, shows nothing, because a file would fill up
/// with lines.
void show_line(const std::string& text) {
    if (::isatty(STDERR_FILENO) != 0)
        std::cerr << "\r\033[K" << text << std::flush;
}

int report_interrupt(const std::string& id) {
    show_line("");
    print_error("the operation " + id + " continues; `atrium events progress " + id + "` shows it, `atrium events cancel " +
                id + "` stops it");
    return interrupted;
}

wording wording_of_operation(const value& operation) {
    const auto verb = text_of(operation, "verb");
    if (verb == "discard")
        return {{}, "dead letters", {}, "discarded"};
    if (verb == "replay")
        return {{}, "events", {}, "replayed"};
    if (verb == "resend")
        return {{}, "events", {}, "sent again"};
    return {{}, "dead letters", {}, "retried"};
}

/// Shows an operation until it has ended.
int watch(const session& s, const std::string& path, const interrupt_watch& interrupt) {
    const auto id = path.substr(path.rfind('/') + 1);
    for (;;) {
        if (interrupt.is_interrupted())
            return report_interrupt(id);
        const auto response = s.server.get(path);
        if (!response.is_success())
            return report_refusal(response);
        const auto operation = parse_body(response);
        if (!operation)
            return failure;
        const auto words = wording_of_operation(*operation);
        const auto state = text_of(*operation, "state");
        if (state != "running") {
            show_line("");
            print_result(s, response.body, *operation, words);
            if (state == "cancelled")
                print_error("the operation was cancelled");
            return state == "done" ? success : failure;
        }
        show_line(summary_of(*operation, words));
        interrupt.wait(progress_interval);
    }
}

std::string operation_path(const command& c) {
    return "/events/operations/" + percent_encoded(c.target);
}

} // namespace

int run_bulk(const session& s) {
    const auto words = wording_of(s.command);
    if (!s.command.is_confirmed || s.command.is_dry_run)
        if (const auto ended = confirm(s, words))
            return *ended;
    // The watch begins before the request, because the id of the operation must be printed even if the user interrupts the
    // command during the request.
    const interrupt_watch interrupt;
    const auto started = s.server.post(words.path, body_of(s.command, false));
    if (!started.is_success())
        return report_refusal(started);
    constexpr unsigned accepted = 202;
    if (started.status == accepted)
        return watch(s, started.location, interrupt);
    const auto result = parse_body(started);
    if (!result)
        return failure;
    print_result(s, started.body, *result, words);
    return success;
}

int show_progress(const session& s) {
    const interrupt_watch interrupt;
    return watch(s, operation_path(s.command), interrupt);
}

int cancel(const session& s) {
    const auto cancelled = s.server.remove(operation_path(s.command));
    if (!cancelled.is_success())
        return report_refusal(cancelled);
    const auto operation = parse_body(cancelled);
    if (!operation)
        return failure;
    print_result(s, cancelled.body, *operation, wording_of_operation(*operation));
    return success;
}

} // namespace atrium::event_commands
