#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// The command that runs a Python program, given as text, with these arguments (`sys.argv[1:]`): for a `process` that goes on
/// while the test does. It is Debian's Python, the one that has Debian's packages, such as `pika`.
[[nodiscard]] std::vector<std::string> python_command(std::string_view program, const std::vector<std::string>& arguments = {});

/// Runs it to its end, at most a minute: what it wrote to standard output. Throws where it fails.
std::string run_python(std::string_view program, const std::vector<std::string>& arguments = {});

/// Deletes a queue of the virtual host that the URL names, as a client of its broker.
void delete_queue(const std::string& broker_url, const std::string& queue);

} // namespace atrium::support
