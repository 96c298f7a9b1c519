#pragma once

#include <http/response.hpp>

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <string>

namespace atrium::http {

/// What a connection has to send: rendered text, and between it bodies that are sent without a copy. No I/O. One thread.
class output_queue {
public:
    /// For what is rendered: appended to, and read or changed otherwise only where `is_plain`.
    [[nodiscard]] std::string& text() noexcept { return text_; }
    /// A body after the text so far.
    void append(shared_text body);
    void append(std::string body);

    [[nodiscard]] bool is_empty() const noexcept { return sent_ == text_.size() && bodies_.empty(); }
    /// Whether there is text alone, and none of it is sent.
    [[nodiscard]] bool is_plain() const noexcept { return bodies_.empty() && sent_ == 0; }
    /// Bytes that are not sent yet.
    [[nodiscard]] std::size_t size() const noexcept;
    /// Memory that is held for the connection alone: not the bodies that others share.
    [[nodiscard]] std::size_t memory() const noexcept { return text_.capacity() + body_memory_; }

    /// A sequence of buffers for one write, as Asio has it.
    class buffers {
    public:
        using value_type = boost::asio::const_buffer;
        using const_iterator = const value_type*;
        [[nodiscard]] const_iterator begin() const noexcept { return all_.data(); }
        [[nodiscard]] const_iterator end() const noexcept { return all_.data() + count_; }

    private:
        friend class output_queue;
        void add(std::string_view text) noexcept;
        std::array<value_type, 8> all_{};
        std::size_t count_ = 0;
    };
    /// What is to be sent next, perhaps not all. Valid until something is appended.
    [[nodiscard]] buffers next() const noexcept;
    /// So much of it was sent.
    void consume(std::size_t count) noexcept;
    void clear() noexcept;

private:
    struct body {
        std::size_t place; ///< of the text, behind which it stands
        std::string own;   ///< empty if it is shared
        shared_text shared;
        std::size_t sent = 0;

        [[nodiscard]] std::string_view rest() const noexcept {
            return (own.empty() ? shared.text : std::string_view{own}).substr(sent);
        }
    };
    void add(body b);

    std::string text_;
    std::size_t sent_ = 0; ///< of the text
    std::deque<body> bodies_;
    std::size_t body_memory_ = 0;
};

} // namespace atrium::http
