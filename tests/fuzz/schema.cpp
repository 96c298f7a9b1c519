#include "require.hpp"

#include <base/text.hpp>
#include <graphql/parser.hpp>
#include <graphql/sdl.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

using namespace atrium;
using fuzz::require;

/// Any document is a schema or has faults; and a schema that has been printed is built as what it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(text))
        return -1;
    auto definitions = graphql::parse(std::move(text));
    if (!definitions)
        return 0;

    const auto schema = graphql::build_schema(std::move(*definitions));
    if (!schema) {
        require(!schema.error().empty(), "a schema that cannot be built has faults");
        return 0;
    }
    const auto printed = graphql::print_schema(*schema);
    auto read = graphql::parse(printed);
    require(read.has_value(), "a schema that has been printed can be read");
    const auto again = graphql::build_schema(std::move(*read));
    require(again.has_value(), "a schema that has been printed can be built");
    require(graphql::print_schema(*again) == printed, "a schema that has been printed prints the same");
    return 0;
}
