#pragma once

#include <support/temporary_directory.hpp>

#include <filesystem>

namespace atrium::support {

/// A new certificate authority, and a server certificate that it has signed for `localhost` (and for no other name or address).
/// The command `openssl` creates them. Their PEM files live as long as the object.
class certificates {
public:
    certificates();

    /// The certificate that a client must trust.
    [[nodiscard]] std::filesystem::path authority() const { return folder_ / "authority.pem"; }
    [[nodiscard]] std::filesystem::path certificate() const { return folder_ / "server.pem"; }
    [[nodiscard]] std::filesystem::path key() const { return folder_ / "server.key"; }

private:
    temporary_directory folder_;
};

} // namespace atrium::support
