#include "require.hpp"

#include <base/text.hpp>
#include <graphql/parser.hpp>
#include <graphql/sdl.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

using namespace atrium;
using fuzz::require;

/// The input is a document, which is a schema or has errors. A printed schema can be built again, and its printed text is the
/// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(text))
        return -1;
    auto definitions = graphql::parse(std::move(text));
    if (!definitions)
        return 0;

    const auto schema = graphql::build_schema(std::move(*definitions));
    if (!schema) {
        require(!schema.error().empty(), "a schema that cannot be built has errors");
        return 0;
    }
    const auto printed = graphql::print_schema(*schema);
    auto read = graphql::parse(printed);
    require(read.has_value(), "a printed schema can be parsed");
    const auto again = graphql::build_schema(std::move(*read));
    require(again.has_value(), "a printed schema can be built");
    require(graphql::print_schema(*again) == printed, "a printed schema stays the same when it is built and printed again");
    return 0;
}
