#include "request_list.hpp"

#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/printable.hpp>
#include <base/trace.hpp>
#include <http/method.hpp>
#include <http/query.hpp>

#include <boost/beast/http/verb.hpp>

#include <charconv>
#include <limits>
#include <string_view>

namespace atrium::console {
namespace {

constexpr std::int64_t max_limit = 1'000;

/// Reads a status such as "404", or a class of statuses such as "4xx".
void read_status(input::reader& query, request_filter& filter) {
    const auto text = query.text("status");
    if (!text)
        return;
    unsigned number = 0;
    const auto is_class = text->size() == 3 && text->ends_with("xx");
    const auto digits = is_class ? text->substr(0, 1) : *text;
    const auto end = digits.data() + digits.size();
    const auto [read_to, failure] = std::from_chars(digits.data(), end, number);
    const bool is_valid =
        failure == std::errc{} && read_to == end && (is_class ? number >= 1 && number <= 5 : text->size() == 3);
    if (!is_valid)
        return query.add_error("status", "must be a status such as 404, or a class such as 4xx");
    filter.min_status = is_class ? number * 100 : number;
    filter.max_status = is_class ? number * 100 + 99 : number;
}

void read_method(input::reader& query, request_filter& filter) {
    const auto text = query.text("method");
    if (!text)
        return;
    const auto method = boost::beast::http::string_to_verb({text->data(), text->size()});
    if (method == http::verb::unknown)
        return query.add_error("method", "must be a method such as GET");
    filter.method = method;
}

void read_min_duration(input::reader& query, request_filter& filter) {
    const auto text = query.text("min_duration");
    if (!text)
        return;
    double seconds = 0;
    const auto end = text->data() + text->size();
    const auto [read_to, failure] = std::from_chars(text->data(), end, seconds);
    if (failure != std::errc{} || read_to != end || !(seconds >= 0))
        return query.add_error("min_duration", "must be a number of seconds, such as 0.25");
    filter.min_duration = std::chrono::duration<double>{seconds};
}

/// Whether the request was sent for a page of the console. The scripts of the console mark their requests, but the browser
/// itself loads pages and files, and preloads data that a page needs, without this mark.
bool is_of_console(const http::recorded_request& r) {
    return r.is_of_console || (r.method == http::verb::get &&
                               (r.route.starts_with("/console/") || r.route == "/session" || r.route == "/openapi.json"));
}

void show_text(json_writer& json, std::string_view key, std::string_view text) {
    if (text.empty())
        json.key(key).null();
    else
        json.key(key).value(printable(text));
}

void show(json_writer& json, const http::recorded_request& r) {
    json.begin_object().key("seq").value(static_cast<std::int64_t>(r.seq));
    json.key("at").value(std::chrono::floor<std::chrono::milliseconds>(r.began));
    show_text(json, "method", r.method == http::verb::unknown ? std::string_view{} : http::name_of(r.method));
    show_text(json, "target", r.target);
    show_text(json, "route", r.route);
    json.key("status").value(static_cast<int>(r.status));
    json.key("duration").value(std::chrono::duration<double>{r.duration}.count());
    json.key("response_bytes").value(static_cast<std::int64_t>(r.body_bytes));
    json.key("request_id").value(r.request_id);
    show_text(json, "trace_id", trace_of(r.traceparent));
    show_text(json, "principal", r.principal);
    json.key("address").value(r.address.to_string()).end_object();
}

} // namespace

bool request_filter::matches(const http::recorded_request& r) const {
    const auto status = static_cast<unsigned>(r.status);
    return (!method || *method == r.method) && (!route || *route == r.route) && status >= min_status && status <= max_status &&
           (!request_id || *request_id == r.request_id) && (!principal || *principal == r.principal) &&
           r.duration >= min_duration && (includes_console || !is_of_console(r));
}

result<request_filter> read_request_filter(const http::request& q) {
    auto query = http::read_query(q);
    request_filter filter;
    read_method(query, filter);
    filter.route = query.text("route");
    read_status(query, filter);
    filter.request_id = query.text("request_id");
    filter.principal = query.text("principal");
    read_min_duration(query, filter);
    filter.includes_console = query.boolean("console").value_or(true);
    filter.before = static_cast<std::uint64_t>(query.integer("after", 1, std::numeric_limits<std::int64_t>::max()).value_or(0));
    filter.limit = static_cast<std::size_t>(query.integer("limit", 1, max_limit).value_or(100));
    if (const auto read = query.finish(); !read)
        return read.error();
    return filter;
}

request_page list_recent(http::recent_requests& requests, const request_filter& filter) {
    request_page page;
    json_writer json{page.json};
    json.begin_array();
    std::size_t count = 0;
    std::uint64_t last = 0;
    requests.visit(filter.before, [&](const http::recorded_request& r) {
        if (!filter.matches(r))
            return true;
        if (count == filter.limit) { // at least one more request matches, so there is a next page
            page.next = last;
            return false;
        }
        show(json, r);
        ++count;
        last = r.seq;
        return true;
    });
    json.end_array();
    return page;
}

} // namespace atrium::console
