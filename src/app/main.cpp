#include <app/command_line.hpp>

int main(int count, char** arguments) {
    const auto options = atrium::app::parse_command_line(count, arguments);
    return options ? atrium::app::run(*options) : options.error();
}
