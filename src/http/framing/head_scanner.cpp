#include "framing/head_scanner.hpp"

#include <algorithm>

namespace atrium::http {
namespace {

using boost::beast::http::status;

constexpr std::size_t max_empty_lines = 4;         // of two bytes each
constexpr std::size_t max_method_and_version = 32; // bytes of a request line besides its target, with a margin

constexpr refusal control_character{status::bad_request, "malformed", "the header contains a control character"};
constexpr refusal bad_line_end{status::bad_request, "malformed", "a line of the header does not end with CRLF"};
constexpr refusal stray_cr{status::bad_request, "malformed", "a line of the header contains a CR that is not part of its end"};
constexpr refusal folded_field{status::bad_request, "malformed", "a header field continues on another line"};
constexpr refusal no_request{status::bad_request, "malformed", "there are too many empty lines before the request"};
constexpr refusal request_line_too_long{status::uri_too_long, "target_too_long", "the request line is too long"};
constexpr refusal target_too_long{status::uri_too_long, "target_too_long", "the request target is too long"};
constexpr refusal too_large{status::request_header_fields_too_large, "header_too_large", "the header is too large"};
constexpr refusal too_many{status::request_header_fields_too_large, "too_many_fields", "there are too many header fields"};

/// Ignores tabs, which values may contain, and CR, which `take_line` checks when the line is complete.
bool has_control_byte(std::string_view bytes) {
    bool found = false;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        found |= (byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7f;
    }
    return found;
}

} // namespace

void head_scanner::reset() noexcept {
    scanned_ = line_begin_ = start_ = size_ = line_count_ = 0;
}

progress head_scanner::refuse(const refusal& cause) {
    why_ = cause;
    return progress::refused;
}

progress head_scanner::scan(std::string_view unread) {
    for (;;) {
        const auto newline = unread.find('\n', scanned_);
        if (newline == std::string_view::npos) {
            // Input that is not HTTP at all (such as TLS) is refused before its line ends.
            const auto piece = unread.substr(scanned_);
            scanned_ = unread.size();
            return has_control_byte(piece) ? refuse(control_character)
                                           : check_unfinished(scanned_ - line_begin_, scanned_ - start_);
        }
        if (newline == line_begin_ || unread[newline - 1] != '\r')
            return refuse(bad_line_end);

        const auto line = unread.substr(line_begin_, newline - 1 - line_begin_);
        scanned_ = line_begin_ = newline + 1;
        if (line.empty() && line_count_ > 0) {
            size_ = scanned_;
            return size_ - start_ > limits_.header ? refuse(too_large) : progress::done;
        }
        if (line.empty()) {
            start_ = scanned_;
            if (start_ > 2 * max_empty_lines)
                return refuse(no_request);
        } else if (take_line(line) == progress::refused) {
            return progress::refused;
        }
    }
}

progress head_scanner::take_line(std::string_view line) {
    if (line.find('\r') != std::string_view::npos)
        return refuse(stray_cr);
    if (has_control_byte(line))
        return refuse(control_character);
    if (++line_count_ == 1)
        return take_request_line(line);
    if (line.front() == ' ' || line.front() == '\t')
        return refuse(folded_field);
    if (line_count_ - 1 > limits_.fields)
        return refuse(too_many);
    return line_begin_ - start_ > limits_.header ? refuse(too_large) : progress::need_more;
}

progress head_scanner::take_request_line(std::string_view line) {
    const auto first_blank = std::min(line.find(' '), line.size());
    const auto last_blank = line.rfind(' ');
    const bool has_target = last_blank != std::string_view::npos && last_blank > first_blank;
    if (has_target && last_blank - first_blank - 1 > limits_.target)
        return refuse(target_too_long);
    if (line.size() + 1 > limits_.target + max_method_and_version) // + 1 for the CR, which check_unfinished also counts
        return refuse(request_line_too_long);
    return line_begin_ - start_ > limits_.header ? refuse(too_large) : progress::need_more;
}

progress head_scanner::check_unfinished(std::size_t line_size, std::size_t head_size) {
    if (line_count_ == 0 && line_size > limits_.target + max_method_and_version)
        return refuse(request_line_too_long);
    if (head_size > limits_.header)
        return refuse(too_large);
    return progress::need_more;
}

} // namespace atrium::http
