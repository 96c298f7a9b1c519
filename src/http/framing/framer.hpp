#pragma once

#include "framing/input_buffer.hpp"
#include "framing/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace atrium::http {

/// Cuts what a connection receives into requests: finds the header, has it parsed, gathers the body. No I/O: the connection
/// puts bytes in by `room` and `arrived` and takes requests out by `next`.
///
/// Anything that two parties could understand differently is refused, and a refusal is for good. Owned by one connection.
class framer {
public:
    explicit framer(const limits& most) : most_{most}, scanner_{most} {}
    framer(const framer&) = delete;
    framer& operator=(const framer&) = delete;

    /// `done`: `into` holds a whole request, whose views are good until `finish`. `need_more`: nothing to do before more bytes
    /// have arrived, see `expects_continue`. `refused`: see `why`.
    [[nodiscard]] progress next(request& into);

    /// Makes place for the following request; the views into this one are gone.
    void finish();

    /// After `need_more`: the header is there, and the client waits for 100 before it sends the body. True once a request.
    [[nodiscard]] bool expects_continue() noexcept;

    /// Where in a request the input stands: nothing of it, something of its header, its header and something of its body.
    enum class position { between, header, body };
    [[nodiscard]] position where() const noexcept;

    [[nodiscard]] std::span<char> room() { return input_.room(); }
    void arrived(std::size_t count) noexcept { input_.arrived(count); }
    void shrink() noexcept { input_.shrink(); }
    /// Memory for what has arrived, in bytes.
    [[nodiscard]] std::size_t memory() const noexcept { return input_.capacity() + body_.capacity(); }
    /// After a refusal: gives the body's memory back.
    void drop_body() noexcept;
    [[nodiscard]] bool has_unread() const noexcept { return !input_.unread().empty(); }

    [[nodiscard]] const message_facts& facts() const noexcept { return facts_; }
    [[nodiscard]] const refusal& why() const noexcept { return why_; }

private:
    progress refuse(const refusal& why);
    progress take_head(request& into);
    progress parse_head(request& into, std::string_view head);
    progress take_body(request& into);

    const limits& most_;
    input_buffer input_;
    head_scanner scanner_;
    std::optional<beast_parser> parser_; ///< of one request: Beast's parsers serve once
    message_facts facts_;
    std::string body_;
    bool has_head_ = false;
    bool waits_for_continue_ = false;
    refusal why_{};
};

} // namespace atrium::http
