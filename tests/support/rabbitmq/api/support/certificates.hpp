#pragma once

#include <support/temporary_directory.hpp>

#include <filesystem>

namespace atrium::support {

/// A certificate authority of its own, and a server's certificate from it for `localhost` (and for no other name or address).
/// Made by the `openssl` command; files of PEM that last as long as the object.
class certificates {
public:
    certificates();

    /// What a client has to trust.
    [[nodiscard]] std::filesystem::path authority() const { return folder_ / "authority.pem"; }
    [[nodiscard]] std::filesystem::path certificate() const { return folder_ / "server.pem"; }
    [[nodiscard]] std::filesystem::path key() const { return folder_ / "server.key"; }

private:
    temporary_directory folder_;
};

} // namespace atrium::support
