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

void check_error(const graphql::located_error& error) {
    require(error.message.starts_with("Syntax Error: "), "an error is a syntax error");
    require(is_utf8(error.message), "an error message is valid UTF-8");
    require(error.locations.size() == 1, "an error has one location");
}

} // namespace

/// The input is a text. The parsers of documents, values and types must accept it or return an error. A printed document can be
/// parsed again, and its printed text is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(text))
        return -1; // libFuzzer leaves this input out: the callers of the parser pass only UTF-8

    const auto read = graphql::parse(text);
    if (read) {
        const auto printed = graphql::print(*read);
        const auto again = graphql::parse(printed);
        require(again.has_value(), "a printed document can be parsed");
        require(graphql::print(*again) == printed, "a printed document stays the same when it is parsed and printed again");
    } else {
        check_error(read.error());
    }
    if (const auto limited = graphql::parse(text, {.tokens = 20, .depth = 2}); !limited)
        check_error(limited.error());
    if (const auto value = graphql::parse_value(text); !value)
        check_error(value.error());
    if (const auto type = graphql::parse_type(text); !type)
        check_error(type.error());
    return 0;
}
