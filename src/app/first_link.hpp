#pragma once

#include <base/log.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace atrium::app {

/// A file that only the user of this process can read. It is removed when this object is destroyed.
class secret_file {
public:
    /// Replaces an existing file or symbolic link at `path`. Throws std::system_error.
    secret_file(std::filesystem::path path, std::string_view text);
    ~secret_file();
    secret_file(const secret_file&) = delete;
    secret_file& operator=(const secret_file&) = delete;

private:
    const std::filesystem::path path_;
};

/// Whether a descriptor is connected to the journal of systemd. `journal_stream` is the value of the environment variable
/// `JOURNAL_STREAM`, which identifies the journal's socket (systemd.exec(5)); empty if the variable is not set.
[[nodiscard]] bool is_journal(int descriptor, std::string_view journal_stream) noexcept;

/// Shows the link, which makes its user an administrator, on standard output. The journal of systemd would keep the link, and
/// other users can read the journal. So if standard output is the journal, the link is written to a file in `folder` instead,
/// and the log contains the path of the file. The file exists as long as the returned object, which is null if no file was
/// written.
[[nodiscard]] std::unique_ptr<secret_file> show_first_link(const std::string& url, const std::filesystem::path& folder,
                                                           const logger& log);

} // namespace atrium::app
