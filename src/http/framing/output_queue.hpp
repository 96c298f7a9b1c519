#pragma once

#include <http/response.hpp>

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <string>

namespace atrium::http {

/// Output of a connection: rendered text, interleaved with bodies that are sent without a copy. No I/O. One thread.
class output_queue {
public:
    /// Rendered text. Unless `is_plain`, the caller may only append to it.
    [[nodiscard]] std::string& text() noexcept { return text_; }
    /// Adds a body, which is sent after the current end of the text.
    void append(shared_text body);
    void append(std::string body);

    [[nodiscard]] bool is_empty() const noexcept { return sent_ == text_.size() && bodies_.empty(); }
    /// Whether there is only text, none of which has been sent.
    [[nodiscard]] bool is_plain() const noexcept { return bodies_.empty() && sent_ == 0; }
    /// Bytes that are not sent yet.
    [[nodiscard]] std::size_t size() const noexcept;
    /// The memory that only this connection uses, without the shared bodies.
    [[nodiscard]] std::size_t memory() const noexcept { return text_.capacity() + body_memory_; }

    /// A buffer sequence for one write, as Asio requires it.
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
    /// The next part to send, which may not be everything. Valid until something is appended.
    [[nodiscard]] buffers next() const noexcept;
    /// Removes `count` bytes, which have been sent.
    void consume(std::size_t count) noexcept;
    void clear() noexcept;

private:
    struct body {
        std::size_t place; ///< position in the text after which the body is sent
        std::string own;   ///< the body itself; empty if it is shared
        shared_text shared;
        std::size_t sent = 0;

        [[nodiscard]] std::string_view rest() const noexcept {
            return (own.empty() ? shared.text : std::string_view{own}).substr(sent);
        }
    };
    void add(body b);

    std::string text_;
    std::size_t sent_ = 0; ///< bytes of the text that have been sent
    std::deque<body> bodies_;
    std::size_t body_memory_ = 0;
};

} // namespace atrium::http
