#include "require.hpp"

#include <http/forwarded.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace atrium::http;
using atrium::fuzz::require;

namespace {

namespace ip = boost::asio::ip;

const std::vector<address_network> proxies{*address_network::parse("10.0.0.0/8")};
const auto proxy = ip::make_address("10.0.0.1");

ip::address client_of(std::string_view name, std::string_view value, const ip::address& peer) {
    fields headers;
    headers.add({name, value});
    return find_client_address(headers, peer, proxies);
}

/// Checks the case that a client has sent `sent` in the header `name`, and the proxy has appended `report`, which contains the
/// address `client`.
void check_appended(std::string_view name, std::string_view sent, std::string_view report, const char* client) {
    const auto found = client_of(name, std::string{sent}.append(", ").append(report), proxy);
    require(found == ip::make_address(client) || found == proxy, "a client behind a trusted proxy cannot choose its address");
}

} // namespace

/// The input is what a client writes into the headers with which proxies report addresses.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto stranger = ip::make_address("198.51.100.7");
    for (const std::string_view name : {"Forwarded", "X-Forwarded-For"}) {
        require(client_of(name, text, stranger) == stranger, "only trusted proxies are believed");
        (void)client_of(name, text, proxy);
    }
    check_appended("Forwarded", text, "for=203.0.113.9", "203.0.113.9");
    check_appended("Forwarded", text, R"(for="[2001:db8::9]:4711";proto=https)", "2001:db8::9");
    check_appended("X-Forwarded-For", text, "203.0.113.9", "203.0.113.9");
    return 0;
}
