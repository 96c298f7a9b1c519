#include "messages/multipart.hpp"

#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace atrium;
using fuzz::require;

namespace {

constexpr std::string_view boundary = "x-y";
constexpr std::string_view delimiter = "\r\n--x-y";

/// Returns all parts of a body, or `std::nullopt` if the body is malformed.
std::optional<std::vector<http::form_part>> parts_of(std::string_view body) {
    http::multipart_reader reader{body, boundary};
    std::vector<http::form_part> all;
    for (;;) {
        auto part = reader.next();
        if (!part)
            return std::nullopt;
        if (!*part)
            return all;
        all.push_back(**std::move(part));
    }
}

/// Encodes a name as browsers do. The input may have encoded the same name in another way.
std::string encode(std::string_view name) {
    std::string text;
    for (const char c : name)
        text += c == '"' ? "%22" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : std::string{c};
    return text;
}

} // namespace

/// The input is either malformed, or is a list of parts that does not change when it is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    const auto parts = parts_of(body);
    if (!parts)
        return 0;

    std::string text;
    for (const auto& part : *parts) {
        require(part.content.find(delimiter) == std::string_view::npos, "no part contains a delimiter");
        text.append("--x-y\r\nContent-Disposition: form-data; name=\"").append(encode(part.name)).append("\"");
        text.append(part.is_file ? "; filename=\"\"" : "").append("\r\n\r\n").append(part.content).append("\r\n");
    }
    text += "--x-y--\r\n";
    const auto again = parts_of(text);
    require(again && again->size() == parts->size(), "parts can be written and read again");
    for (std::size_t i = 0; i < parts->size(); ++i) {
        require((*again)[i].name == (*parts)[i].name, "a name stays the same");
        require((*again)[i].content == (*parts)[i].content, "content stays the same");
        require((*again)[i].is_file == (*parts)[i].is_file, "a file stays a file");
    }
    return 0;
}
