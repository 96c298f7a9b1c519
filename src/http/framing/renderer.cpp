#include "framing/renderer.hpp"

#include "messages/status_phrase.hpp"

#include <array>
#include <charconv>

namespace atrium::http {
namespace {

using namespace std::chrono;

constexpr unsigned first_status = 100;
constexpr unsigned last_status = 599;
constexpr std::string_view instance_key = ",\"instance\":\"";

/// Status line and constant headers of one status.
std::string make_opening(unsigned code) {
    auto text = "HTTP/1.1 " + std::to_string(code) + " ";
    text.append(status_phrase(static_cast<status>(code)));
    return text + "\r\nX-Content-Type-Options: nosniff\r\n";
}

/// Returns the result of `make_opening` for a status. The first call creates the results for all statuses.
std::string_view opening(status s) {
    static const auto openings = [] {
        std::array<std::string, last_status - first_status + 1> texts;
        for (unsigned code = first_status; code <= last_status; ++code)
            texts[code - first_status] = make_opening(code);
        return texts;
    }();
    const auto code = static_cast<unsigned>(s);
    return openings.at(code - first_status);
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// Bytes that the request id adds to problem details; 0 for other responses.
std::size_t size_of_instance(const response& answer, const answer_context& context) {
    const bool is_problem = answer.content_type == problem_type && answer.body.ends_with('}');
    return is_problem ? instance_key.size() + context.request_id.size() + 1 : 0;
}

bool has_no_content(status s) {
    return s == status::no_content || s == status::not_modified;
}

} // namespace

std::size_t body_size(const response& answer, const answer_context& context) {
    const bool has_no_body = context.is_head || context.is_streamed || has_no_content(answer.status);
    return has_no_body ? 0 : answer.content().size() + size_of_instance(answer, context);
}

bool render_header(std::string& out, const response& answer, const answer_context& context) {
    out.append(opening(answer.status)).append(context.date_line);
    append_header(out, "X-Request-Id", context.request_id);
    out.append(context.more_headers);
    if (!context.keep_alive)
        out.append("Connection: close\r\n");
    else if (context.is_http_10)
        out.append("Connection: keep-alive\r\n");
    for (const auto& [name, value] : answer.headers)
        append_header(out, name, value);

    if (has_no_content(answer.status)) { // a response with such a status has no Content-Length either (RFC 9110, section 8.6)
        out.append("\r\n");
        return false;
    }
    if (!answer.content_type.empty())
        append_header(out, "Content-Type", answer.content_type);
    if (context.is_streamed) {
        const bool is_chunked = !context.is_http_10 && !context.is_head;
        out.append(is_chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        return false;
    }
    out.append("Content-Length: ");
    append_number(out, answer.content().size() + size_of_instance(answer, context));
    out.append("\r\n\r\n");
    return !context.is_head;
}

void render(std::string& out, const response& answer, const answer_context& context) {
    const auto instance_size = size_of_instance(answer, context);
    out.reserve(out.size() + answer.content().size() + instance_size + 512); // including 512 bytes for the header
    if (!render_header(out, answer, context))
        return;
    if (instance_size == 0) {
        out.append(answer.content());
        return;
    }
    out.append(answer.body, 0, answer.body.size() - 1);
    out.append(instance_key).append(context.request_id).append("\"}");
}

std::string date_line(sys_seconds now) {
    constexpr std::array<std::string_view, 7> days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months_of_year{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto midnight = floor<days>(now);
    const year_month_day date{midnight};
    const hh_mm_ss time{now - midnight};
    const auto two_digits = [](long number) { return (number < 10 ? "0" : "") + std::to_string(number); };

    std::string text = "Date: ";
    text.append(days_of_week[weekday{midnight}.c_encoding()])
        .append(", ")
        .append(two_digits(static_cast<unsigned>(date.day())));
    text.append(" ").append(months_of_year[static_cast<unsigned>(date.month()) - 1]).append(" ");
    text.append(std::to_string(static_cast<int>(date.year()))).append(" ").append(two_digits(time.hours().count())).append(":");
    text.append(two_digits(time.minutes().count())).append(":").append(two_digits(time.seconds().count())).append(" GMT\r\n");
    return text;
}

} // namespace atrium::http
