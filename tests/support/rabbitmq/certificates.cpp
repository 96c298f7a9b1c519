#include <support/certificates.hpp>
#include <support/process.hpp>

#include <stdexcept>

namespace atrium::support {
namespace {

void make_certificate(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{
        "openssl", "req",    "-x509",   "-newkey",   "ec",    "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes",  "-batch", "-config", "/dev/null", "-days", "2"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    process openssl{command};
    if (openssl.wait() != 0)
        throw std::runtime_error{"openssl cannot make a certificate: " + openssl.err()};
}

} // namespace

certificates::certificates() {
    const auto authority_key = folder_ / "authority.key";
    // Python 3.13 and newer require the extension keyUsage, as RFC 5280 does (4.2.1.3).
    make_certificate({"-subj", "/CN=authority of a test", "-addext", "basicConstraints=critical,CA:true", "-addext",
                      "keyUsage=critical,keyCertSign", "-keyout", authority_key.string(), "-out", authority().string()});
    make_certificate({"-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext",
                      "basicConstraints=critical,CA:false", "-CA", authority().string(), "-CAkey", authority_key.string(),
                      "-keyout", key().string(), "-out", certificate().string()});
}

} // namespace atrium::support
