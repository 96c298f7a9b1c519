#include "checker.hpp"

#include <exception>
#include <iostream>
#include <string>

// graphql_check reads requests from its standard input and writes responses to its standard output, one JSON object per line,
// as checker.hpp describes. It writes each response before it reads the next request, so that another program can use it
// through pipes. For a line that is not a request, it writes {"requestError":true}, and its exit status is 1.
//
//     echo '{"schema": null, "document": "{ a"}' | build/release/tests/graphql_check/graphql_check
int main() {
    atrium::checker checker;
    int status = 0;
    std::string line;
    for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
        try {
            std::cout << checker.answer(line) << std::endl;
        } catch (const std::exception& e) {
            std::cout << R"({"requestError":true})" << std::endl; // every line must have a response
            std::cerr << "graphql_check: line " << number << ": " << e.what() << '\n';
            status = 1;
        }
    }
    return status;
}
