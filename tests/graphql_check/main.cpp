#include "checker.hpp"

#include <exception>
#include <iostream>
#include <string>

// graphql_check: reads requests from its input and writes answers to its output, one JSON text a line; checker.hpp says which.
// Each answer is out before the next request is read, so that it may serve as the other end of a pipe. Its status is 1 where a
// line was no request.
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
            std::cout << R"({"requestError":true})" << std::endl; // so that answers keep pace with requests
            std::cerr << "graphql_check: line " << number << ": " << e.what() << '\n';
            status = 1;
        }
    }
    return status;
}
