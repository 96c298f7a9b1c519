#include "editor.hpp"

#include "interrupt.hpp"
#include "session.hpp"

#include <base/environment.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace atrium::event_commands {
namespace {

/// A file that only this user can read, and that is removed with this object.
class private_file {
public:
    explicit private_file(const std::string& text) {
        auto name = (std::filesystem::temp_directory_path() / "atrium-XXXXXX.json").string();
        constexpr int suffix_size = 5;
        const int descriptor = ::mkstemps(name.data(), suffix_size);
        if (descriptor < 0)
            return;
        ::close(descriptor);
        path_ = name;
        std::ofstream{path_} << text;
    }
    ~private_file() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    private_file(const private_file&) = delete;
    private_file& operator=(const private_file&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; } ///< empty if it could not be created

private:
    std::string path_;
};

std::string editor_command() {
    for (const auto* name : {"VISUAL", "EDITOR"})
        if (const auto value = environment_variable(name); !value.empty())
            return std::string{value};
    return "vi";
}

/// Runs `command FILE` in a shell, because the command may have options. Returns whether it succeeded.
bool run_editor(const std::string& command, const std::string& file) {
    const auto script = command + " \"$1\"";
    const std::array<const char*, 6> arguments{"sh", "-c", script.c_str(), "sh", file.c_str(), nullptr};
    const auto child = ::fork();
    if (child == 0) {
        ::execv("/bin/sh", const_cast<char* const*>(arguments.data()));
        ::_exit(127);
    }
    const interrupt_watch interrupt{interrupt_watch::second_interrupt::is_recorded}; // because Ctrl-C is meant for the editor
    int status = 0;
    auto ended = child;
    do
        ended = child > 0 ? ::waitpid(child, &status, 0) : child;
    while (ended < 0 && child > 0 && errno == EINTR);
    return child > 0 && ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

std::optional<std::string> edit_in_editor(const std::string& text) {
    const private_file file{text};
    if (file.path().empty()) {
        print_error("a temporary file cannot be created");
        return std::nullopt;
    }
    const auto command = editor_command();
    if (!run_editor(command, file.path())) {
        print_error("the editor has failed: " + command + "; set EDITOR, or use --data");
        return std::nullopt;
    }
    std::ifstream edited{file.path()};
    return std::string{std::istreambuf_iterator<char>{edited}, {}};
}

} // namespace atrium::event_commands
