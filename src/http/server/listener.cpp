#include "server/listener.hpp"

#include <http/check_address.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <sstream>

namespace atrium::http {
namespace {

using boost::system::error_code;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

using unsent_low_mark = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;

constexpr int max_unsent = 64 * 1024; // max bytes that the system accepts before it sends them (tcp(7)); the default is larger
constexpr int backlog = 4096;         // limited by net.core.somaxconn

/// Advice for the person who started the server.
std::string advice_for(const error_code& failure) {
    if (failure == asio::error::address_in_use)
        return "the port is in use; stop the program that listens there, or choose another port with --set http.port=PORT";
    if (failure == asio::error::access_denied)
        return "not permitted; ports below 1024 need a privilege, choose another with --set http.port=PORT";
    if (failure == boost::system::errc::address_not_available)
        return "this machine has no such address; choose another with --set http.address=ADDRESS";
    return failure.message();
}

[[noreturn]] void fail(const tcp::endpoint& endpoint, const error_code& failure) {
    std::ostringstream text;
    text << "cannot listen on " << endpoint << ": " << advice_for(failure);
    throw listen_error{text.str()};
}

tcp_acceptor listen(asio::io_context& context, const tcp::endpoint& endpoint, bool is_shared) {
    tcp_acceptor acceptor{context.get_executor()};
    error_code failure;
    acceptor.open(endpoint.protocol(), failure);
    if (!failure)
        acceptor.set_option(tcp_acceptor::reuse_address{true},
                            failure); // because connections of an earlier server may be in TIME_WAIT
    if (!failure && is_shared)
        acceptor.set_option(reuse_port{true}, failure);
    if (!failure)
        acceptor.set_option(unsent_low_mark{max_unsent}, failure); // accepted connections inherit this option
    if (!failure)
        acceptor.bind(endpoint, failure);
    if (!failure)
        acceptor.listen(backlog, failure);
    if (!failure)
        acceptor.non_blocking(true, failure); // so that `accept` fails with would_block if no connection waits
    if (failure)
        fail(endpoint, failure);
    return acceptor;
}

} // namespace

tcp::endpoint endpoint_of(const settings& s) {
    error_code failure;
    const auto address = asio::ip::make_address(s.address, failure);
    if (failure)
        throw listen_error{"cannot listen on \"" + s.address +
                           "\": http.address must be an IP address, such as 127.0.0.1, 0.0.0.0 or ::1"};
    return {address, s.port};
}

void check_address(const settings& s) {
    asio::io_context unused;
    (void)listen(unused, endpoint_of(s), false); // fails even if the port is in use by a server that shares it (SO_REUSEPORT)
}

tcp_acceptor listen_on(asio::io_context& context, const tcp::endpoint& endpoint) {
    return listen(context, endpoint, true);
}

} // namespace atrium::http
