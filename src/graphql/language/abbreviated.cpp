#include "language/abbreviated.hpp"

namespace atrium::graphql {

std::string abbreviated(std::string_view text) {
    if (text.size() <= max_bytes_in_message)
        return std::string{text};
    auto size = max_bytes_in_message;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80) // inside a code point
        --size;
    return std::string{text.substr(0, size)} + "...";
}

} // namespace atrium::graphql
