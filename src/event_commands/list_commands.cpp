#include "json_text.hpp"
#include "verbs.hpp"

#include <boost/json/array.hpp>

#include <cstdint>
#include <functional>
#include <iostream>
#include <utility>

namespace atrium::event_commands {
namespace {

using boost::json::value;
using cells = std::vector<std::string>;

/// The cursor of the next page in a Link header: `<...after=CURSOR>; rel="next"`.
std::string next_cursor(std::string_view link) {
    constexpr std::string_view parameter = "after=";
    const auto begin = link.rfind(parameter);
    if (begin == std::string_view::npos)
        return {};
    const auto cursor = link.substr(begin + parameter.size());
    return std::string{cursor.substr(0, cursor.find('>'))};
}

/// The target in a Link header: `<TARGET>; rel="next"`.
std::string_view next_target(std::string_view link) {
    const auto end = link.find('>');
    return link.starts_with('<') && end != link.npos ? link.substr(1, end - 1) : std::string_view{};
}

/// Returns the first page that has rows or, if no page has rows, the last page. The server examines a bounded number of rows
/// for each page, so a page can be empty although a later one is not.
answer find_rows(const session& s, std::string_view target) {
    auto page = s.server.get(target);
    while (page.is_success() && page.body == "[]" && !next_target(page.link).empty())
        page = s.server.get(std::string{next_target(page.link)});
    return page;
}

void report_next_page(const answer& page) {
    if (const auto cursor = next_cursor(page.link); !cursor.empty())
        print_error("there are more rows; continue with --after " + cursor);
}

/// Prints a list as a table or, with --json, as the server has sent it.
int print_list(const session& s, const std::string& target, std::vector<table::column> columns, std::string_view if_empty,
               const std::function<cells(const value&)>& row_of) {
    const auto page = find_rows(s, target);
    if (!page.is_success())
        return report_refusal(page);
    if (s.command.is_json) {
        std::cout << page.body << '\n';
        report_next_page(page);
        return success;
    }
    const auto body = parse_body(page);
    if (!body)
        return failure;
    table rows{std::move(columns)};
    if (const auto* all = body->if_array())
        for (const auto& each : *all)
            rows.add(row_of(each));
    print_table(rows, if_empty);
    report_next_page(page);
    return success;
}

cells event_row(const value& e) {
    return {text_of(e, "seq"), short_time(text_of(e, "time")), text_of(e, "type"), text_of(e, "subject"), text_of(e, "data")};
}

/// The word for the state of a subscription: "paused", "active", ...
std::string state_of(const value& subscription) {
    if (is_true(subscription, "paused"))
        return "paused";
    if (!is_true(subscription, "claimed"))
        return "unclaimed";
    return is_true(subscription, "active") ? "active" : "elsewhere";
}

cells subscription_row(const value& s) {
    const auto* oldest = s.is_object() ? s.get_object().if_contains("oldest_pending_ms") : nullptr;
    return {text_of(s, "name"),
            state_of(s),
            text_of(s, "pending"),
            text_of(s, "ready"),
            text_of(s, "backoff"),
            text_of(s, "dead"),
            oldest && oldest->is_int64() ? short_duration(oldest->get_int64()) : "-",
            text_of(s, "rate"),
            text_of(s, "last_error")};
}

cells dead_letter_row(const value& d) {
    return {text_of(d, "id"),       text_of(d, "subscription"),        text_of(d, "topic"), text_of(d, "key"),
            text_of(d, "attempts"), short_time(text_of(d, "died_at")), text_of(d, "error")};
}

cells group_row(const value& g) {
    return {text_of(g, "id"),
            text_of(g, "count"),
            text_of(g, "subscription"),
            text_of(g, "topic"),
            short_time(text_of(g, "first")),
            short_time(text_of(g, "last")),
            text_of(g, "example"),
            text_of(g, "error")};
}

/// Prints one object with `print` or, with --json, as the server has sent it.
int print_one(const session& s, const std::string& target, const std::function<void(const value&)>& print) {
    const auto response = s.server.get(target);
    if (!response.is_success())
        return report_refusal(response);
    if (s.command.is_json) {
        std::cout << response.body << '\n';
        return success;
    }
    const auto body = parse_body(response);
    if (!body)
        return failure;
    print(*body);
    return success;
}

void print_journey(const value& journey) {
    const auto* found = journey.if_object() ? journey.get_object().if_contains("event") : nullptr;
    const auto event = found ? *found : value{};
    table facts{{{"EVENT"}, {text_of(journey, "seq")}}};
    for (const auto& [name, text] :
         {std::pair{"topic", text_of(event, "type")}, std::pair{"key", text_of(event, "subject")},
          std::pair{"time", text_of(event, "time")}, std::pair{"id", text_of(event, "id")},
          std::pair{"source", text_of(event, "source")}, std::pair{"priority", text_of(event, "priority")},
          std::pair{"request", text_of(journey, "request_id")}, std::pair{"trace", text_of(journey, "trace_id")},
          std::pair{"edited from", text_of(journey, "edited_from")}, std::pair{"data", text_of(event, "data")}})
        facts.add({name, text});
    print_table(facts, {});

    table states{{{"SUBSCRIPTION"}, {"STATE"}, {"BEFORE IT", true}, {"ATTEMPTS", true}, {"NEXT ATTEMPT"}, {"DEAD LETTER"}}};
    table errors{{{"SUBSCRIPTION"}, {"TIME"}, {"ATTEMPT", true}, {"ERROR"}}};
    for (const auto& each : items_of(journey, "subscriptions")) {
        states.add({text_of(each, "name"), text_of(each, "state"), text_of(each, "position"), text_of(each, "attempts"),
                    short_time(text_of(each, "due")), text_of(each, "dead_letter")});
        for (const auto& error : items_of(each, "errors"))
            errors.add(
                {text_of(each, "name"), short_time(text_of(error, "at")), text_of(error, "attempt"), text_of(error, "error")});
    }
    std::cout << '\n';
    print_table(states, "no subscription receives this event");
    if (!errors.empty()) {
        std::cout << '\n';
        print_table(errors, {});
    }
}

const std::vector<table::column>& subscription_columns() {
    static const std::vector<table::column> columns{{"NAME"},          {"STATE"},      {"PENDING", true}, {"READY", true},
                                                    {"BACKOFF", true}, {"DEAD", true}, {"OLDEST", true},  {"PER SECOND", true},
                                                    {"LAST ERROR"}};
    return columns;
}

} // namespace

int list_events(const session& s) {
    return print_list(s, "/events/" + to_query(s.command.fields), {{"SEQ", true}, {"TIME"}, {"TOPIC"}, {"KEY"}, {"DATA"}},
                      "no events", event_row);
}

int show_event(const session& s) {
    return print_one(s, "/events/" + percent_encoded(s.command.target), print_journey);
}

int list_subscriptions(const session& s) {
    const std::string path = "/events/subscriptions";
    if (s.command.target.empty())
        return print_list(s, path, subscription_columns(), "no subscriptions", subscription_row);
    return print_one(s, path + "/" + percent_encoded(s.command.target), [](const value& one) {
        table row{subscription_columns()};
        row.add(subscription_row(one));
        print_table(row, {});
    });
}

int list_dead_letters(const session& s) {
    auto fields = s.command.fields;
    for (const auto& id : s.command.ids)
        fields["ids"].append(fields["ids"].empty() ? "" : ",").append(id);
    const auto query = to_query(fields);
    if (s.command.is_grouped)
        return print_list(
            s, "/events/dead-letters/groups" + query,
            {{"GROUP", true}, {"COUNT", true}, {"SUBSCRIPTION"}, {"TOPIC"}, {"FIRST"}, {"LAST"}, {"EXAMPLE"}, {"ERROR"}},
            "no dead letters", group_row);
    return print_list(s, "/events/dead-letters" + query,
                      {{"ID"}, {"SUBSCRIPTION"}, {"TOPIC"}, {"KEY"}, {"ATTEMPTS", true}, {"SINCE"}, {"ERROR"}},
                      "no dead letters", dead_letter_row);
}

} // namespace atrium::event_commands
