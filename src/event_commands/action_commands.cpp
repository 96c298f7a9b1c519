#include "editor.hpp"
#include "json_text.hpp"
#include "verbs.hpp"

#include <iostream>
#include <utility>

namespace atrium::event_commands {
namespace {

/// Prints the seq of the event that the server has published or, with --json, the whole response. If the server has refused the
/// event, prints why. Returns the exit status.
int report_published(const session& s, const answer& published) {
    if (!published.is_success())
        return report_refusal(published);
    if (s.command.is_json) {
        std::cout << published.body << '\n';
        return success;
    }
    const auto body = parse_body(published);
    if (!body)
        return failure;
    std::cout << "published as event " << text_of(*body, "seq") << '\n';
    return success;
}

/// Lets the user edit the data of the dead letter, and returns the edited data. If there is nothing to send, prints why and
/// returns nothing.
std::optional<std::string> edit_data(const session& s, const std::string& path) {
    const auto response = s.server.get(path);
    if (!response.is_success()) {
        (void)report_refusal(response);
        return std::nullopt;
    }
    const auto event = raw_member(response.body, "event");
    const auto data = event ? raw_member(*event, "data") : std::nullopt;
    if (!data) {
        print_error("the dead letter has no data that can be edited");
        return std::nullopt;
    }
    const auto before = indented(*data);
    auto text = before;
    for (;;) {
        auto edited = edit_in_editor(text);
        if (!edited)
            return std::nullopt;
        if (*edited == before) {
            print_error("the data has not been changed; nothing was sent");
            return std::nullopt;
        }
        if (is_json_object(*edited))
            return edited;
        print_error("this is not a JSON object");
        if (!can_ask() || !ask("Edit it again?"))
            return std::nullopt;
        text = *std::move(edited);
    }
}

/// Publishes an event with this data. If `data` is std::nullopt, only returns `failure`: the caller has already printed why
/// there is no data.
int send_data(const session& s, const std::string& path, std::optional<std::string> data) {
    if (!data)
        return failure;
    if (!is_json_object(*data)) {
        print_error("the data is not a JSON object");
        return wrong_use;
    }
    auto fields = s.command.fields;
    fields["data"] = *std::move(data);
    return report_published(s, s.server.post(path, to_body(fields, {}, {})));
}

} // namespace

int set_paused(const session& s) {
    const bool is_pause = s.command.verb == verb::pause;
    const auto path = "/events/subscriptions/" + percent_encoded(s.command.target) + (is_pause ? "/pause" : "/resume");
    const auto done = s.server.post(path, to_body(s.command.fields, {}, {}));
    if (!done.is_success())
        return report_refusal(done);
    if (!s.command.is_json)
        std::cout << s.command.target << (is_pause ? " is paused; its events wait in the journal\n" : " is resumed\n");
    return success;
}

int publish(const session& s) {
    return send_data(s, "/events/", read_text(s.command.fields.at("data")));
}

int drain(const session& s) {
    const auto drained = s.server.post("/events/drain", {});
    if (!drained.is_success())
        return report_refusal(drained);
    if (s.command.is_json)
        std::cout << drained.body << '\n';
    else
        std::cout << "broker drained: stop the server, then start it with the other bus.adapter\n";
    return success;
}

int edit(const session& s) {
    const auto path = "/events/dead-letters/" + percent_encoded(s.command.target);
    const auto data = s.command.fields.find("data");
    return send_data(s, path + "/edit", data == s.command.fields.end() ? edit_data(s, path) : read_text(data->second));
}

} // namespace atrium::event_commands
