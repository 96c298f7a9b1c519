#include <http/server_sent_events.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::string_view events_type = "text/event-stream";
constexpr std::string_view empty_comment = ":\n\n";

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\n");
}

bool breaks_a_line(std::string_view text) {
    return text.find_first_of("\r\n") != std::string_view::npos;
}

/// Appends each line of `text` as a field of its own.
void append_lines(std::string& out, std::string_view name, std::string_view text) {
    for (;;) {
        const auto end = text.find_first_of("\r\n");
        append_field(out, name, text.substr(0, end));
        if (end == std::string_view::npos)
            return;
        text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
    }
}

/// A comment line, which clients ignore, and an empty line that makes it easier to read.
std::string render_comment(std::string_view text) {
    if (breaks_a_line(text))
        throw std::invalid_argument{"a comment contains a line break"};
    std::string line;
    append_field(line, "", text);
    return line.append("\n");
}

void check_id(std::string_view id) {
    if (breaks_a_line(id) || id.find('\0') != std::string_view::npos)
        throw std::invalid_argument{"the id of an event contains a line break or NUL"};
}

/// An id without data is not an event, but a client remembers it.
std::string render_id(std::string_view id) {
    check_id(id);
    std::string text;
    append_field(text, "id", id);
    return text.append("\n");
}

response make_unbuffered(response answer) {
    answer.set("Cache-Control", "no-store");
    answer.set("X-Accel-Buffering", "no"); // makes nginx forward each event immediately
    return answer;
}

awaitable<> produce_events(body_writer& writer, const event_producer& produce) {
    writer.set_keep_alive(std::string{empty_comment});
    event_stream events{writer};
    co_await produce(events);
}

} // namespace

void append_event(std::string& out, const server_sent_event& e) {
    if (breaks_a_line(e.event))
        throw std::invalid_argument{"the type of an event contains a line break"};
    if (e.id)
        check_id(*e.id);
    if (!e.event.empty())
        append_field(out, "event", e.event);
    if (e.id)
        append_field(out, "id", *e.id);
    if (e.retry)
        append_field(out, "retry", std::to_string(e.retry->count()));
    append_lines(out, "data", e.data);
    out.append("\n");
}

awaitable<> event_stream::send(server_sent_event e) {
    std::string text;
    append_event(text, e);
    co_await writer_.write(text);
}

awaitable<> event_stream::comment(std::string_view text) {
    const auto line = render_comment(text);
    co_await writer_.write(line);
}

awaitable<> event_stream::send_id(std::string_view id) {
    const auto field = render_id(id);
    co_await writer_.write(field);
}

void event_stream::set_keep_alive_id(std::function<std::string()> last_id) {
    writer_.set_keep_alive([last_id = std::move(last_id)] {
        const auto id = last_id();
        return id.empty() ? std::string{empty_comment} : render_id(id);
    });
}

void event_stream::set_farewell(std::string_view text) {
    writer_.set_farewell(render_comment(text));
}

response server_sent_events(event_producer produce) {
    return make_unbuffered(
        streamed(events_type, [produce = std::move(produce)](body_writer& writer) { return produce_events(writer, produce); }));
}

response server_sent_events(std::string events) {
    return make_unbuffered({.content_type = events_type, .body = std::move(events)});
}

std::string_view last_event_id(const request& q) {
    return q.headers.get("Last-Event-ID");
}

} // namespace atrium::http
