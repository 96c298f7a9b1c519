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
    require(fault.message.starts_with("Syntax Error: "), "a fault says what it is");
    require(is_utf8(fault.message), "a fault is text");
    require(fault.locations.size() == 1, "a fault has a place");
}

} // namespace

/// Any text is a document, a value or a type, or has a fault; and what has been printed is read as what it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(text))
        return -1; // which the callers of the parser see to

    const auto read = graphql::parse(text);
    if (read) {
        const auto printed = graphql::print(*read);
        const auto again = graphql::parse(printed);
        require(again.has_value(), "what has been printed can be read");
        require(graphql::print(*again) == printed, "what has been printed prints the same");
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
