#pragma once

#include "framing/input_buffer.hpp"
#include "framing/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace atrium::http {

/// Splits the input of a connection into requests: finds the header, parses it, and collects the body. No I/O: the connection
/// adds bytes with `free_space` and `add_received`, and takes requests with `next`.
///
/// Input that this server and a proxy before it could understand differently is refused, and a refusal is final. One connection
/// owns the framer.
class framer {
public:
    explicit framer(const limits& limits) : limits_{limits}, scanner_{limits} {}
    framer(const framer&) = delete;
    framer& operator=(const framer&) = delete;

    /// `done`: `request` is complete, and its views are valid until `finish`. `need_more`: more bytes must arrive first, see
    /// `has_large_body_ahead`. `refused`: see `why`. After `need_more` and `refused`, `request` contains nothing of the
    /// previous request, but everything that is known of the current one: at least its method, if the method has arrived.
    [[nodiscard]] progress next(request& request);

    /// Prepares for the next request; the views of the current one become invalid.
    void finish();

    /// After `need_more`: whether the header is complete and announces a body that is or may be large. Such a body should be
    /// received only if the header gives no reason to refuse the request. Returns true at most once for each request.
    [[nodiscard]] bool has_large_body_ahead() noexcept;
    /// Whether the client waits for the response 100 before it sends the body.
    [[nodiscard]] bool expects_continue() const noexcept { return waits_for_continue_; }

    /// What part of a request has arrived: nothing, a part of its header, or its header and a part of its body.
    enum class position { between, header, body };
    [[nodiscard]] position where() const noexcept;

    [[nodiscard]] std::span<char> free_space() { return input_.free_space(); }
    void add_received(std::size_t count) noexcept { input_.add_received(count); }
    void shrink() noexcept { input_.shrink(); }
    /// The memory for the input, in bytes.
    [[nodiscard]] std::size_t memory() const noexcept { return input_.capacity() + body_.capacity(); }
    /// After a refusal: frees the body's memory.
    void drop_body() noexcept;
    [[nodiscard]] bool has_unread() const noexcept { return !input_.unread().empty(); }

    [[nodiscard]] const message_facts& facts() const noexcept { return facts_; }
    [[nodiscard]] const refusal& why() const noexcept { return why_; }

private:
    progress refuse(const refusal& cause);
    progress take_head(request& request);
    progress parse_head(request& request, std::string_view head);
    void note_method(request& request, std::string_view head) const;
    progress take_body(request& request);

    const limits& limits_;
    input_buffer input_;
    head_scanner scanner_;
    std::optional<beast_parser> parser_; ///< a new one for each request, because a Beast parser cannot be reused
    message_facts facts_;
    std::string body_;
    bool has_head_ = false;
    bool waits_for_continue_ = false;
    bool has_large_body_ahead_ = false;
    refusal why_{};
};

} // namespace atrium::http
