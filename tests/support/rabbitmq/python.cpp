#include <support/process.hpp>
#include <support/python.hpp>

#include <stdexcept>

namespace atrium::support {

std::vector<std::string> python_command(std::string_view program, const std::vector<std::string>& arguments) {
    // With -u, output is not buffered and can be read immediately. The path is absolute because another python3 may be first in
    // PATH.
    std::vector<std::string> command{"/usr/bin/python3", "-u", "-c", std::string{program}};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

std::string run_python(std::string_view program, const std::vector<std::string>& arguments) {
    process python{python_command(program, arguments)};
    if (python.wait() != 0)
        throw std::runtime_error{"a Python program failed: " + python.err()};
    return python.out();
}

void delete_queue(const std::string& broker_url, const std::string& queue) {
    run_python("import pika, sys\n"
               "pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel().queue_delete(sys.argv[2])",
               {broker_url, queue});
}

} // namespace atrium::support
