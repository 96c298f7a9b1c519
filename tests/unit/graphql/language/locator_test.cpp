#include "language/locator.hpp"

#include <support/graphql.hpp>

#include <string>

using namespace atrium::graphql;

TEST_CASE("a locator and its document return the same locations") {
    std::string source;
    for (int i = 0; i < 100; ++i)
        source += "{ a } # caf\u00e9 \U0001F600\r\n\r \t{ b }\n# a comment \u20ac\n\n";
    const auto d = atrium::support::parsed(source);
    const locator places{d.source()};
    for (std::uint32_t offset = 0; offset < source.size(); ++offset)
        if (source[offset] == '{' || source[offset] == 'b') {
            CAPTURE(offset);
            REQUIRE(places.locate(offset) == d.locate(offset));
        }
    CHECK(places.locate(static_cast<std::uint32_t>(source.size())) == d.locate(static_cast<std::uint32_t>(source.size())));
}

TEST_CASE("an empty source has one location") {
    CHECK(locator{""}.locate(0) == location{1, 1});
}
