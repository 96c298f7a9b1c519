#include "framing/framer.hpp"

#include <algorithm>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::size_t min_body_space = 8 * 1024;     // bytes for the body behind a header; more than a chunk header has
constexpr std::size_t max_body_kept = 32 * 1024;     // a body's memory is kept for the next body unless it is larger than this
constexpr std::size_t max_body_reserved = 64 * 1024; // memory for a body is reserved in advance only up to this size
constexpr std::size_t large_body = 64 * 1024;        // a smaller body is received even if the request will be refused

constexpr refusal unknown_expectation{boost::beast::http::status::expectation_failed, "expectation",
                                      "the only supported expectation is 100-continue"};

} // namespace

progress framer::refuse(const refusal& cause) {
    why_ = cause;
    return progress::refused;
}

progress framer::next(request& request) {
    if (!has_head_)
        if (const auto step = take_head(request); step != progress::done)
            return step;
    return take_body(request);
}

progress framer::take_head(request& request) {
    request.headers.clear(); // the headers and the target are views of the previous request, whose bytes have been removed
    request.target = request.query = {};
    request.version = 11;
    const auto step = scanner_.scan(input_.unread());
    if (step != progress::done) {
        note_method(request, input_.unread());
        return step == progress::refused ? refuse(scanner_.why()) : step;
    }

    const auto unread = input_.unread().size() - scanner_.size();
    const auto head = input_.hold(scanner_.size());
    if (parse_head(request, head) == progress::refused)
        return progress::refused;

    // The rest of the body will be received behind the header, which must not move during that time. So space is made now,
    // and the header is parsed again if it has moved.
    bool moved = false;
    if (facts_.is_chunked || facts_.content_length > unread) {
        const auto held = input_.make_space(min_body_space, moved);
        if (moved && parse_head(request, held) == progress::refused)
            return progress::refused;
    }
    if (facts_.has_unknown_expectation)
        return refuse(unknown_expectation);

    has_head_ = true;
    const bool has_body = facts_.is_chunked || facts_.content_length > 0;
    waits_for_continue_ = facts_.expects_continue && has_body && unread == 0;
    has_large_body_ahead_ = waits_for_continue_ || facts_.is_chunked || facts_.content_length >= large_body;
    body_.reserve(std::min<std::uint64_t>(facts_.content_length, max_body_reserved));
    return progress::done;
}

progress framer::parse_head(request& request, std::string_view head) {
    request.headers.clear();
    request.body = {};
    facts_ = {};
    parser_.emplace(limits_, request, facts_, body_);
    const auto step = parser_->parse_head(head.substr(scanner_.start()));
    if (step != progress::refused)
        return step;
    note_method(request, head);
    return refuse(parser_->why());
}

/// Finds the method in a header that is incomplete or refused, because a response to HEAD must not have a body (RFC 9110,
/// section 9.3.2).
void framer::note_method(request& request, std::string_view head) const {
    const auto line = head.substr(std::min(scanner_.start(), head.size()));
    const auto size = line.find(' ');
    request.method = size == std::string_view::npos ? verb::unknown : boost::beast::http::string_to_verb(line.substr(0, size));
}

progress framer::take_body(request& request) {
    auto step = progress::done;
    if (facts_.is_chunked) {
        std::size_t used = 0;
        step = parser_->take_chunks(input_.unread(), used);
        input_.consume(used);
        if (step == progress::refused)
            return refuse(parser_->why());
    } else if (facts_.content_length > body_.size()) {
        const auto piece = input_.unread().substr(0, facts_.content_length - body_.size());
        body_.append(piece);
        input_.consume(piece.size());
        step = body_.size() < facts_.content_length ? progress::need_more : progress::done;
    }
    if (step == progress::done)
        request.body = body_;
    return step;
}

void framer::finish() {
    input_.release();
    scanner_.reset();
    parser_.reset();
    has_head_ = false;
    waits_for_continue_ = false;
    has_large_body_ahead_ = false;
    body_.clear();
    if (body_.capacity() > max_body_kept)
        body_.shrink_to_fit();
}

void framer::drop_body() noexcept {
    std::string{}.swap(body_);
}

bool framer::has_large_body_ahead() noexcept {
    return std::exchange(has_large_body_ahead_, false);
}

framer::position framer::where() const noexcept {
    if (has_head_)
        return position::body;
    return scanner_.has_begun() ? position::header : position::between;
}

} // namespace atrium::http
