#include "core/error_text.hpp"

#include <base/text.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::events;

TEST_CASE("a masked error keeps its words, but has a question mark for each number, id, address and quoted text") {
    struct example {
        std::string_view error;
        std::string_view masked;
    };
    const auto one =
        GENERATE(example{"user 17 is unknown", "user ? is unknown"}, example{"order17 and order/18", "order? and order/?"},
                 example{"took 1.5 s of 2,000 ms", "took ? s of ? ms"}, example{"-3 is negative", "-? is negative"},
                 example{"at 0x7fff5694dc58", "at ?"}, example{"commit deadbeef42", "commit ?"},
                 example{"id 018f3c1e-7b1a-7cc2-9a57-2f1c63b0f5d1.", "id ?."},
                 example{"token aB3dE5gH7jK9mN1p was refused", "token ? was refused"},
                 example{"the name \"ann\" is taken", "the name \"?\" is taken"},
                 example{"field 'e mail' isn't in 'x'", "field '?' isn't in '?'"}, example{"`a` \"open", "`?` \"open"},
                 example{"feedback accepted", "feedback accepted"}, example{"", ""}, example{"é 1 – ü", "é ? – ü"});
    CHECK(masked_error(one.error) == one.masked);
}

TEST_CASE("an error that is too long to store is cut between two characters, and question marks replace invalid bytes") {
    CHECK(storable_error("short") == "short");
    const std::string umlauts = [] {
        std::string text = "x";
        for (int i = 0; i < 1500; ++i)
            text += "ü";
        return text;
    }();
    const auto cut = storable_error(umlauts);
    CHECK(cut.size() == max_error - 1); // the next character has two bytes, so it does not fit
    CHECK(is_utf8(cut));
    CHECK(umlauts.starts_with(cut));
    CHECK(storable_error("a\xff\xc3") == "a??");
    CHECK(is_utf8(storable_error(std::string(3000, '\xe2'))));
}
