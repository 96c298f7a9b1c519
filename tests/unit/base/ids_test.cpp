#include <base/ids.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <set>
#include <type_traits>

namespace atrium {
namespace {

struct apple_tag;
struct pear_tag;

} // namespace

TEST_CASE("ids of different kinds do not convert to each other") {
    static_assert(!std::is_convertible_v<id<apple_tag>, id<pear_tag>>);
    CHECK(id<apple_tag>{1} < id<apple_tag>{2});
    CHECK(id<apple_tag>{1} == id<apple_tag>{1});
}

TEST_CASE("an id is read only in its canonical form") {
    CHECK(parse_id("1") == 1);
    CHECK(parse_id("9223372036854775807") == 9223372036854775807);
    for (const auto* bad : {"", "0", "-1", "+1", "01", " 1", "1 ", "1.0", "1e3", "0x1", "9223372036854775808",
                            "99999999999999999999999999", "one", "1,2"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_id(bad));
    }
}

TEST_CASE("make_uuid_v7 returns a UUID of version 7 that contains the given time") {
    const timestamp time{std::chrono::milliseconds{0x0123456789ab}};
    const auto uuid = make_uuid_v7(time);
    CHECK(is_uuid(uuid));
    CHECK(uuid.substr(0, 13) == "01234567-89ab");
    CHECK(uuid[14] == '7');
    CHECK(std::string_view{"89ab"}.find(uuid[19]) != std::string_view::npos);
}

TEST_CASE("UUIDs with the same time differ") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(make_uuid_v7(timestamp{}));
    CHECK(seen.size() == 1000);
}

TEST_CASE("a UUID is recognized by its form") {
    CHECK(is_uuid("00000000-0000-0000-0000-000000000000"));
    CHECK(is_uuid("0123ABCD-0123-4abc-8def-0123456789ab"));
    for (const auto* bad : {"", "0123abcd-0123-4abc-8def-0123456789a", "0123abcd-0123-4abc-8def-0123456789abc",
                            "0123abcd00123-4abc-8def-0123456789ab", "g123abcd-0123-4abc-8def-0123456789ab",
                            "{123abcd-0123-4abc-8def-0123456789a}"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_uuid(bad));
    }
}

TEST_CASE("continue_traceparent keeps the trace id and the flags, and replaces the parent id") {
    const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const auto child = continue_traceparent(parent);
    CHECK(child.size() == parent.size());
    CHECK(child.substr(0, 36) == parent.substr(0, 36));
    CHECK(child.substr(36, 16) != parent.substr(36, 16));
    CHECK(child.substr(52) == "-01");
}

TEST_CASE("an invalid traceparent starts a new trace") {
    for (const auto* bad :
         {"", "00", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
          "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
          "00-0af7651916cd43dd8448eb211c80319cxb7ad6b7169203331-01"}) {
        CAPTURE(bad);
        const auto fresh = continue_traceparent(bad);
        CHECK(fresh.size() == 55);
        CHECK(fresh.substr(0, 3) == "00-");
        CHECK(fresh.substr(52) == "-00");
        CHECK(continue_traceparent(fresh).substr(0, 36) == fresh.substr(0, 36)); // `fresh` is itself a valid parent
    }
    CHECK(make_traceparent() != make_traceparent());
}

} // namespace atrium
