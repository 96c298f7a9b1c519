#include "require.hpp"

#include <base/text.hpp>
#include <graphql/parser.hpp>
#include <graphql/printer.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium;
using fuzz::require;

namespace {

void check_fault(const graphql::located_error& fault) {
    require(fault.message.starts_with("Syntax Error: "), "an error is a syntax error");
    require(is_utf8(fault.message), "an error message is valid UTF-8");
    require(fault.locations.size() == 1, "an error has one location");
}

} // namespace

/// Any text is a document, a value or a type, or has an error. A printed document can be parsed and prints the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(text))
        return -1; // the callers of the parser check this

    const auto read = graphql::parse(text);
    if (read) {
        const auto printed = graphql::print(*read);
        const auto again = graphql::parse(printed);
        require(again.has_value(), "a printed document can be parsed");
        require(graphql::print(*again) == printed, "a printed document prints the same");
    } else {
        check_fault(read.error());
    }
    if (const auto limited = graphql::parse(text, {.tokens = 20, .depth = 2}); !limited)
        check_fault(limited.error());
    if (const auto value = graphql::parse_value(text); !value)
        check_fault(value.error());
    if (const auto type = graphql::parse_type(text); !type)
        check_fault(type.error());
    return 0;
}
