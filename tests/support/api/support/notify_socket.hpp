#pragma once

#include <support/temporary_directory.hpp>

#include <chrono>
#include <string>

namespace atrium::support {

/// The socket of a service manager such as systemd, to which a program reports its state (NOTIFY_SOCKET).
class notify_socket {
public:
    /// The socket is in a temporary folder, or has a name in the abstract namespace.
    explicit notify_socket(bool is_abstract = false);
    ~notify_socket();
    notify_socket(const notify_socket&) = delete;
    notify_socket& operator=(const notify_socket&) = delete;

    /// The value for NOTIFY_SOCKET.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The next report; the test fails if none comes within a minute.
    [[nodiscard]] std::string receive() const;
    /// The next report, or an empty text if none comes within the time limit.
    [[nodiscard]] std::string receive_within(std::chrono::milliseconds time_limit) const;

private:
    temporary_directory folder_;
    std::string name_;
    int descriptor_;
};

} // namespace atrium::support
