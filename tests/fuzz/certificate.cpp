#include "sockets/certificate.hpp"

#include "require.hpp"
#include "server/server_identity.hpp"

#include <support/certificate_authority.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/errc.hpp>

#include <openssl/pem.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

using namespace atrium;
using fuzz::require;

namespace {

/// A server whose files are valid until an input replaces one of them, and a client that trusts the authority which has signed
/// the valid certificate.
struct fixture {
    support::certificate_authority authority;
    support::pem_files files = authority.issue();
    http::tls_settings settings{.certificate = files.certificate, .key = files.key, .trust = authority.file()};
    metrics::registry registry;
    http::server_identity server{settings, registry, logger{}};
    http::tls_context client = http::make_client_context(settings.trust);
};

std::string content_of(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

void write(const std::string& file, std::string_view content) {
    std::ofstream{file, std::ios::binary} << content;
}

/// Converts DER to the text of a PEM file. Inputs may contain DER, because random changes of Base64 rarely give a valid
/// structure.
std::string to_pem(const char* type, std::string_view der) {
    char* text = nullptr;
    std::size_t size = 0;
    auto* file = ::open_memstream(&text, &size);
    ::PEM_write(file, type, "", reinterpret_cast<const unsigned char*>(der.data()), static_cast<long>(der.size()));
    std::fclose(file);
    std::string pem{text, size};
    std::free(text);
    return pem;
}

/// Whether the client accepts the certificate of the server.
bool is_accepted(const fixture& f) {
    boost::asio::io_context context;
    boost::asio::local::stream_protocol::socket client_socket{context};
    boost::asio::local::stream_protocol::socket server_socket{context};
    boost::asio::local::connect_pair(client_socket, server_socket);
    client_socket.native_non_blocking(true);
    server_socket.native_non_blocking(true);
    http::tls_session client{f.client, http::tls_role::client};
    client.expect_server("localhost");
    const auto server = f.server.new_session();
    for (int step = 0; step < 100; ++step) {
        const auto client_failure = client.shake_hands(client_socket.native_handle()).failure;
        const auto server_failure = server->shake_hands(server_socket.native_handle()).failure;
        if (!client_failure && !server_failure)
            return true;
        for (const auto& failure : {client_failure, server_failure})
            if (failure && failure != boost::system::errc::operation_would_block)
                return false;
    }
    require(false, "a handshake ends");
    return false;
}

/// A file that an input can replace.
struct target {
    const char* type; ///< in the first line of the PEM file
    std::string name;
};

} // namespace

/// The first byte of the input selects the file that is replaced: that of the certificate, the key or the authorities. It also
/// selects whether the other bytes are the new content in PEM, or in DER, which is then written as PEM. The server must either
/// use the content, or refuse it and keep its certificate.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Hides the authorities of the system: they do not depend on the input, and reading them would take a hundred times as long
    // as the rest.
    ::setenv("SSL_CERT_FILE", "/dev/null", 1);
    static auto& f = *new fixture;
    static const std::array targets{target{"CERTIFICATE", f.settings.certificate}, target{"PRIVATE KEY", f.settings.key},
                                    target{"CERTIFICATE", f.settings.trust}};
    if (size == 0)
        return 0;
    const auto& file = targets[data[0] / 2 % targets.size()];
    const std::string_view content{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto original = content_of(file.name);
    write(file.name, data[0] % 2 == 0 ? to_pem(file.type, content) : std::string{content});

    bool is_usable = true;
    try {
        (void)http::check_certificate(f.settings);
        http::check_authorities(f.settings);
    } catch (const http::certificate_error&) {
        is_usable = false;
    }
    f.server.reload();
    require(is_accepted(f) || is_usable, "a server keeps its certificate if the new one cannot be used");

    write(file.name, original);
    f.server.reload();
    require(is_accepted(f), "a later reload uses the valid files");
    return 0;
}
