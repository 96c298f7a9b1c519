#pragma once

#include <support/temporary_directory.hpp>

#include <string>

namespace atrium::support {

/// Takes what this process writes to standard error for as long as it lives. One at a time.
class captured_stderr {
public:
    captured_stderr();
    ~captured_stderr();
    captured_stderr(const captured_stderr&) = delete;
    captured_stderr& operator=(const captured_stderr&) = delete;

    /// All that was written until now.
    [[nodiscard]] std::string text() const;

private:
    temporary_directory folder_;
    int before_;
};

} // namespace atrium::support
