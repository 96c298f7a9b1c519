#include "sockets/transport_socket.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace atrium::http {
namespace {

using boost::system::error_code;

constexpr int max_records_at_once = 4; // after this many records, other connections of the thread run

std::span<const char> bytes_of(const asio::const_buffer& buffer) {
    return {static_cast<const char*>(buffer.data()), buffer.size()};
}

/// The data of the next record, after the first `skipped` bytes. Small buffers are copied into one record, because each record
/// costs a system call and at least 22 bytes.
std::span<const char> next_record(std::span<const asio::const_buffer> buffers, std::size_t skipped) {
    while (!buffers.empty() && buffers.front().size() <= skipped) {
        skipped -= buffers.front().size();
        buffers = buffers.subspan(1);
    }
    if (buffers.empty())
        return {};
    const auto first = bytes_of(buffers.front()).subspan(skipped);
    if (buffers.size() == 1 || first.size() >= tls_session::max_record)
        return first;
    thread_local std::array<char, tls_session::max_record> scratch;
    std::size_t size = 0;
    for (auto each = buffers.begin(); each != buffers.end() && size < scratch.size(); ++each) {
        const auto bytes = each == buffers.begin() ? first : bytes_of(*each);
        const auto count = std::min(bytes.size(), scratch.size() - size);
        std::memcpy(scratch.data() + size, bytes.data(), count);
        size += count;
    }
    return std::span{scratch}.first(size);
}

} // namespace

tls_result transport_socket::read_secured(asio::mutable_buffer target) {
    return tls_->read(socket_.native_handle(), {static_cast<char*>(target.data()), target.size()});
}

tls_result transport_socket::write_secured(const buffer_list& buffers) {
    const auto pieces = std::span{buffers.pieces}.first(buffers.count);
    tls_result total;
    for (int records = 0; records < max_records_at_once; ++records) {
        const auto record = next_record(pieces, total.count);
        if (record.empty())
            break;
        const auto written = tls_->write(socket_.native_handle(), record);
        total.count += written.count;
        if (written.failure) {
            if (total.count == 0) // if some data were written, the next write reports the failure
                total = written;
            break;
        }
    }
    return total;
}

bool transport_socket::has_input_waiting() {
    error_code ignored;
    return socket_.available(ignored) > 0 || has_pending_record();
}

bool transport_socket::is_quiet() {
    if (tls_)
        return tls_->peek(socket_.native_handle()).failure == asio::error::would_block;
    char byte = 0;
    const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void transport_socket::notify_of_end() noexcept {
    if (tls_ && socket_.is_open() && !is_discarded_)
        tls_->close_notify(socket_.native_handle());
}

void transport_socket::shutdown_send(error_code& failure) noexcept {
    notify_of_end();
    socket_.shutdown(tcp_socket::shutdown_send, failure);
}

void transport_socket::cancel() noexcept {
    error_code ignored;
    socket_.cancel(ignored);
}

void transport_socket::close() noexcept {
    notify_of_end();
    error_code ignored;
    socket_.close(ignored);
}

void transport_socket::discard_unsent() noexcept {
    is_discarded_ = true;
    error_code ignored;
    socket_.set_option(tcp_socket::linger{true, 0}, ignored);
}

} // namespace atrium::http
