#include <support/held_port.hpp>

namespace atrium::support {

held_port::held_port() {
    using boost::asio::ip::tcp;
    holder_.open(tcp::v4());
    holder_.set_option(tcp::acceptor::reuse_address{true});
    holder_.bind({boost::asio::ip::address_v4::loopback(), 0});
    number_ = holder_.local_endpoint().port();
}

} // namespace atrium::support
