#include <input/camel_case.hpp>

namespace atrium::input {

std::string camel_case(std::string_view name) {
    std::string text;
    bool is_upper = false;
    for (const char c : name) {
        if (c != '_')
            text.push_back(is_upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
        is_upper = c == '_';
    }
    return text;
}

} // namespace atrium::input
