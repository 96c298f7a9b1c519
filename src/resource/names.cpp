#include "names.hpp"

namespace atrium::resource {

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

} // namespace atrium::resource
