#pragma once

#include "sockets/tcp.hpp"
#include "sockets/tls_session.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace atrium::http {

/// A TCP socket, with or without TLS, with all functions that HTTP, streamed bodies and WebSockets need to send and receive.
/// Without TLS, each function calls the corresponding function of the TCP socket. It is an `AsyncStream` of Beast. One thread.
///
/// After `write_some` has failed with would_block, or an asynchronous write was cancelled, the next write must begin with the
/// same bytes, because they may be in a record of which a part has been sent.
class transport_socket {
public:
    using executor_type = executor;

    /// The socket has no TLS at first.
    explicit transport_socket(tcp_socket socket) noexcept : socket_{std::move(socket)} {}

    [[nodiscard]] executor_type get_executor() noexcept { return socket_.get_executor(); }
    /// The socket itself, for its options and for facts about the other end. With TLS, the socket carries the encrypted bytes.
    [[nodiscard]] tcp_socket& tcp() noexcept { return socket_; }
    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    /// Begins TLS on the connected socket. The handshake must be complete before anything is sent or received.
    void start_tls(std::unique_ptr<tls_session> session) noexcept { tls_ = std::move(session); }
    /// Ends TLS after a failed handshake, without notifying the other side. Bytes that have not been read yet can then be read
    /// without decryption.
    void drop_tls() noexcept { tls_.reset(); }
    [[nodiscard]] bool has_tls() const noexcept { return tls_ != nullptr; }
    /// One step of the handshake, without waiting.
    [[nodiscard]] tls_result shake_hands() { return tls_->shake_hands(socket_.native_handle()); }

    /// Writes as much as the system accepts without waiting. Fails with would_block if it accepts nothing.
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, boost::system::error_code& failure) {
        if (!tls_) [[likely]]
            return socket_.write_some(buffers, failure);
        const auto result = write_secured(buffer_list{buffers});
        failure = result.failure;
        return result.count;
    }

    using io_signature = void(boost::system::error_code, std::size_t);

    class initiate_read {
    public:
        using executor_type = executor;

        explicit initiate_read(transport_socket& socket) noexcept : socket_{socket} {}
        [[nodiscard]] executor_type get_executor() const noexcept { return socket_.get_executor(); }

        template <class Handler, class Buffers>
        void operator()(Handler&& completion, const Buffers& buffers) const {
            if (!socket_.tls_) [[likely]] {
                socket_.socket_.async_read_some(buffers, std::forward<Handler>(completion));
                return;
            }
            asio::mutable_buffer target;
            const auto end = asio::buffer_sequence_end(buffers);
            for (auto each = asio::buffer_sequence_begin(buffers); each != end && target.size() == 0; ++each)
                target = *each;
            auto step = [&socket = socket_, target] { return socket.read_secured(target); };
            std::decay_t<Handler> token{std::forward<Handler>(completion)};
            asio::async_compose<std::decay_t<Handler>, io_signature>(tls_operation{socket_.socket_, std::move(step)}, token,
                                                                     socket_.socket_);
        }

    private:
        transport_socket& socket_;
    };

    class initiate_write {
    public:
        using executor_type = executor;

        explicit initiate_write(transport_socket& socket) noexcept : socket_{socket} {}
        [[nodiscard]] executor_type get_executor() const noexcept { return socket_.get_executor(); }

        template <class Handler, class Buffers>
        void operator()(Handler&& completion, const Buffers& buffers) const {
            if (!socket_.tls_) [[likely]] {
                socket_.socket_.async_write_some(buffers, std::forward<Handler>(completion));
                return;
            }
            auto step = [&socket = socket_, list = buffer_list{buffers}] { return socket.write_secured(list); };
            std::decay_t<Handler> token{std::forward<Handler>(completion)};
            asio::async_compose<std::decay_t<Handler>, io_signature>(tls_operation{socket_.socket_, std::move(step)}, token,
                                                                     socket_.socket_);
        }

    private:
        transport_socket& socket_;
    };

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
        -> decltype(asio::async_initiate<Token, io_signature>(std::declval<initiate_read>(), token, buffers)) {
        return asio::async_initiate<Token, io_signature>(initiate_read{*this}, token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
        -> decltype(asio::async_initiate<Token, io_signature>(std::declval<initiate_write>(), token, buffers)) {
        return asio::async_initiate<Token, io_signature>(initiate_write{*this}, token, buffers);
    }

    /// Whether TLS holds received bytes that it has not decrypted yet, or whose data has not been read.
    [[nodiscard]] bool has_pending_record() const noexcept { return tls_ && tls_->has_pending(); }
    /// Whether something has arrived that has not been read; with TLS, this may be less than a record.
    [[nodiscard]] bool has_input_waiting();
    /// Whether the other side has neither ended the connection nor sent data, as far as can be seen now.
    [[nodiscard]] bool is_quiet();

    /// Notifies the other side that no more data follows.
    void shutdown_send(boost::system::error_code& failure) noexcept;
    /// Cancels all waits.
    void cancel() noexcept;
    /// Closes the socket. With TLS, the other side is notified first, unless `discard_unsent` was called.
    void close() noexcept;
    /// Makes `close` reset the connection, so that the system frees its buffers, and the other side cannot mistake the data
    /// that it has received for complete.
    void discard_unsent() noexcept;
    /// With TLS, notifies the other side that no more data follows, unless `discard_unsent` was called.
    void notify_of_end() noexcept;

private:
    /// The first buffers of a sequence, at most 16, without empty ones.
    struct buffer_list {
        template <class Buffers>
        explicit buffer_list(const Buffers& buffers) {
            const auto end = asio::buffer_sequence_end(buffers);
            for (auto each = asio::buffer_sequence_begin(buffers); each != end && count < pieces.size(); ++each)
                if (const asio::const_buffer piece{*each}; piece.size() > 0)
                    pieces[count++] = piece;
        }
        std::array<asio::const_buffer, 16> pieces{};
        std::size_t count = 0;
    };

    template <class Step>
    class tls_operation;

    [[nodiscard]] tls_result read_secured(asio::mutable_buffer target);
    [[nodiscard]] tls_result write_secured(const buffer_list& buffers);

    tcp_socket socket_;
    std::unique_ptr<tls_session> tls_; ///< null if there is no TLS
    bool is_discarded_ = false;
};

/// Repeats a step of TLS until it succeeds or fails, and waits for the socket in between. Never completes within the initiating
/// function, because Asio forbids this.
template <class Step>
class transport_socket::tls_operation {
public:
    tls_operation(tcp_socket& socket, Step step) : socket_{socket}, step_{std::move(step)} {}

    template <class Self>
    void operator()(Self& self, boost::system::error_code failure = {}) {
        if (phase_ == phase::done)
            return self.complete(result_.failure, result_.count);
        if (failure)
            return self.complete(failure, 0);
        result_ = step_();
        auto& socket = socket_;
        if (result_.failure == asio::error::would_block) {
            phase_ = phase::waiting;
            const auto direction = result_.direction;
            socket.async_wait(direction, std::move(self));
        } else if (std::exchange(phase_, phase::done) == phase::initial) {
            asio::post(socket.get_executor(), std::move(self));
        } else {
            self.complete(result_.failure, result_.count);
        }
    }

private:
    enum class phase { initial, waiting, done };

    tcp_socket& socket_;
    Step step_;
    tls_result result_;
    phase phase_ = phase::initial;
};

} // namespace atrium::http
