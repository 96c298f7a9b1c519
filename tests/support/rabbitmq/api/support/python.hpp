#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// Returns a command for `support::process` that runs the Python source text `program` with these arguments (`sys.argv[1:]`).
/// The command uses Debian's Python, which finds Debian's packages such as `pika`.
[[nodiscard]] std::vector<std::string> python_command(std::string_view program, const std::vector<std::string>& arguments = {});

/// Runs the program for at most a minute and returns its standard output. Throws if it fails.
std::string run_python(std::string_view program, const std::vector<std::string>& arguments = {});

/// Connects to the broker as a client and deletes a queue in the virtual host that the URL names.
void delete_queue(const std::string& broker_url, const std::string& queue);

} // namespace atrium::support
