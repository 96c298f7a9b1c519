#include <idempotency/request_key.hpp>
#include <support/catch.hpp>

#include <string>

using namespace atrium;
using namespace atrium::idempotency;

TEST_CASE("an idempotency key has 1 to 255 visible ASCII characters") {
    for (const std::string& key : {std::string{"a"}, std::string{"8e03978e-40d5-43dd-bc93-6894a57f9324"},
                                   std::string{"!~;,\\a\"b"}, std::string(255, 'x')}) {
        INFO(key);
        CHECK(parse_key(key).value() == key);
    }
    for (const std::string& text : {std::string{}, std::string(256, 'x'), std::string{"a b"}, std::string{"a\tb"},
                                    std::string{"caf\xc3\xa9"}, std::string{"a\x7f"}, std::string("a\0b", 3)}) {
        INFO(text);
        REQUIRE_FALSE(parse_key(text));
        CHECK(parse_key(text).error().code == errc::malformed);
    }
}

TEST_CASE("a key in quotes is a string of structured fields, and is the same key as without quotes") {
    CHECK(parse_key(R"("abc")").value() == "abc");
    CHECK(parse_key(R"("a\"b\\c")").value() == R"(a"b\c)");
    CHECK(parse_key('"' + std::string(255, 'x') + '"').value() == std::string(255, 'x'));
    for (const std::string& text :
         {std::string{R"(")"}, std::string{R"("")"}, std::string{R"("abc)"}, std::string{R"("a"b")"}, std::string{R"("a\b")"},
          std::string{R"("a\")"}, std::string{R"("a b")"}, std::string{R"("a";p=1)"}, '"' + std::string(256, 'x') + '"'}) {
        INFO(text);
        CHECK_FALSE(parse_key(text));
    }
}

TEST_CASE("a request has at most one header Idempotency-Key, which must not be empty") {
    http::request q;
    CHECK_FALSE(read_key(q).value());
    q.headers.add({"idempotency-key", R"("abc")"});
    CHECK(read_key(q).value() == "abc");
    q.headers.add({"Idempotency-Key", "abc"});
    REQUIRE_FALSE(read_key(q));
    CHECK(read_key(q).error().code == errc::malformed);

    http::request empty;
    empty.headers.add({"Idempotency-Key", ""});
    CHECK_FALSE(read_key(empty));
}

TEST_CASE("different lists of texts have different fingerprints, even if the joined texts are equal") {
    CHECK(fingerprint_of({"a", "b"}) == fingerprint_of({"a", "b"}));
    CHECK(fingerprint_of({"a", "b"}) != fingerprint_of({"ab", ""}));
    CHECK(fingerprint_of({"a", "b"}) != fingerprint_of({"a", "", "b"}));
    CHECK(fingerprint_of({"1:a"}) != fingerprint_of({"", "a"}));
    CHECK(fingerprint_of({"POST", "/orders"}).size() == 64);
}
