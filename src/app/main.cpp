#include <app/command_line.hpp>

int main(int count, char** arguments) {
    const auto asked = atrium::app::parse_command_line(count, arguments);
    return asked ? atrium::app::run(*asked) : asked.error();
}
