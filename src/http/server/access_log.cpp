#include "server/access_log.hpp"

#include "messages/shown_target.hpp"

#include <access/principal.hpp>
#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/line_writer.hpp>
#include <base/printable.hpp>
#include <http/method.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace atrium::http {
namespace {

constexpr std::size_t capacity = 4 * 1024 * 1024; // max bytes of lines that wait to be written

/// Renders a time as in the combined log format: "10/Oct/2000:13:55:36 +0000".
std::string common_time(std::chrono::system_clock::time_point when) {
    const auto seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text;
    return {text.data(), std::strftime(text.data(), text.size(), "%d/%b/%Y:%H:%M:%S +0000", &parts)};
}

/// Puts text from the client in quotes; "-" if there is none.
std::string quote(std::string_view text) {
    if (text.empty())
        return "\"-\"";
    std::string quoted{'"'};
    for (const char c : printable(text)) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted += '"';
}

/// The name of the principal; "-" if nothing is known about the client.
std::string user_of(const request& q) {
    return q.principal && q.principal != access::principal::anonymous() ? printable(q.principal->name()) : "-";
}

/// The name of the principal as a field of the combined format. This field is not quoted, so characters that would make it
/// ambiguous are replaced.
std::string user_field_of(const request& q) {
    auto user = user_of(q);
    std::ranges::replace_if(user, [](char c) { return c == ' ' || c == '"' || c == '[' || c == ']'; }, '_');
    return user;
}

/// The name of the method; "-" if it is unknown, or could not be read.
std::string_view method_of(const request& q) {
    return q.method == verb::unknown ? "-" : name_of(q.method);
}

std::string protocol_of(const request& q) {
    return q.version < 11 ? "HTTP/1.0" : "HTTP/1.1";
}

} // namespace

std::string render_combined(const exchange& e) {
    auto line = e.q.client_address.to_string() + " - " + user_field_of(e.q) + " [" + common_time(e.began) + "] ";
    const auto target = e.q.target.empty() ? "-" : shown_target(e.q.target);
    line += quote(std::string{method_of(e.q)} + ' ' + target + ' ' + protocol_of(e.q));
    line += ' ' + std::to_string(static_cast<unsigned>(e.status)) + ' ';
    line += e.body_bytes == 0 ? "-" : std::to_string(e.body_bytes);
    line += ' ' + quote(shown_target(e.q.headers.get("Referer"))) + ' ' + quote(e.q.headers.get("User-Agent"));
    return line + ' ' + e.q.request_id;
}

std::string render_json(const exchange& e) {
    std::string line;
    json_writer json{line};
    json.begin_object().key("at").value(std::chrono::floor<std::chrono::milliseconds>(e.began));
    json.key("client").value(e.q.client_address.to_string()).key("principal").value(user_of(e.q));
    json.key("method")
        .value(method_of(e.q))
        .key("target")
        .value(printable(shown_target(e.q.target)))
        .key("route")
        .value(e.route);
    json.key("protocol").value(protocol_of(e.q)).key("status").value(static_cast<int>(e.status));
    json.key("body_bytes").value(static_cast<std::int64_t>(e.body_bytes));
    json.key("microseconds").value(std::chrono::duration_cast<std::chrono::microseconds>(e.duration).count());
    json.key("referer").value(printable(shown_target(e.q.headers.get("Referer"))));
    json.key("user_agent").value(printable(e.q.headers.get("User-Agent")));
    json.key("request_id").value(e.q.request_id).key("traceparent").value(e.q.traceparent).end_object();
    return line;
}

access_log::access_log(access_log_format format) : format_{format} {
    if (format == access_log_format::off)
        return;
    writer_ = std::make_unique<line_writer>(STDOUT_FILENO, capacity, [format](std::uint64_t lines) {
        const auto count = std::to_string(lines);
        return format == access_log_format::json ? R"({"dropped_lines":)" + count + "}" : "# " + count + " lines were dropped";
    });
}
access_log::~access_log() = default;

void access_log::write(const exchange& e) {
    writer_->append(format_ == access_log_format::json ? render_json(e) : render_combined(e));
}

} // namespace atrium::http
