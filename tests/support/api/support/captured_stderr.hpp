#pragma once

#include <support/temporary_directory.hpp>

#include <string>

namespace atrium::support {

/// Captures what this process writes to standard error while the object lives. Only one object may exist at a time.
class captured_stderr {
public:
    captured_stderr();
    ~captured_stderr();
    captured_stderr(const captured_stderr&) = delete;
    captured_stderr& operator=(const captured_stderr&) = delete;

    /// Everything that has been written so far.
    [[nodiscard]] std::string text() const;

private:
    temporary_directory folder_;
    int original_; ///< the standard error before the capture, which the destructor restores
};

} // namespace atrium::support
