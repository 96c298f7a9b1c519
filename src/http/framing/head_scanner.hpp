#pragma once

#include "framing/refusal.hpp"

#include <http/server.hpp>

#include <cstddef>
#include <string_view>

namespace atrium::http {

enum class progress {
    need_more, ///< there is no error so far
    done,
    refused, ///< `why()` returns the reason; nothing more may be read from this connection
};

/// Finds the end of a request's header (request line and fields) and refuses what must not reach the parser: lines that do not
/// end with CRLF, control characters within a line except tabs, folded lines (RFC 9112, sections 2.2 and 5.2), and anything too
/// large.
///
/// No I/O. Remembers how far it scanned, so that each byte of a header that arrives slowly is scanned once.
class head_scanner {
public:
    explicit head_scanner(const limits& limits) : limits_{limits} {}

    /// Until `reset`, `unread` must begin with the same byte at each call, and may only grow.
    [[nodiscard]] progress scan(std::string_view unread);
    void reset() noexcept;

    /// Whether anything other than empty lines has arrived.
    [[nodiscard]] bool has_begun() const noexcept { return scanned_ > start_; }
    /// Bytes of the empty lines before the request line (RFC 9112, section 2.2).
    [[nodiscard]] std::size_t start() const noexcept { return start_; }
    /// Bytes of the header, including the empty lines before it and the empty line at its end.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const refusal& why() const noexcept { return why_; }

private:
    progress refuse(const refusal& cause);
    progress take_line(std::string_view line);
    progress take_request_line(std::string_view line);
    progress check_unfinished(std::size_t line_size, std::size_t head_size);

    const limits& limits_;
    std::size_t scanned_ = 0;
    std::size_t line_begin_ = 0; ///< position of the current line
    std::size_t start_ = 0;
    std::size_t size_ = 0;
    std::size_t line_count_ = 0;
    refusal why_{};
};

} // namespace atrium::http
