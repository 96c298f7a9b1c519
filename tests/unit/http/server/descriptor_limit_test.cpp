#include "server/descriptor_limit.hpp"

#include <support/catch.hpp>

#include <sys/resource.h>

using atrium::http::connections_within_descriptors;

namespace {

class descriptor_limit_fixture {
public:
    descriptor_limit_fixture() { ::getrlimit(RLIMIT_NOFILE, &before_); }
    ~descriptor_limit_fixture() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    descriptor_limit_fixture(const descriptor_limit_fixture&) = delete;
    descriptor_limit_fixture& operator=(const descriptor_limit_fixture&) = delete;

    void set(rlim_t max) {
        auto changed = before_;
        changed.rlim_cur = max;
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &changed) == 0);
    }

private:
    rlimit before_{};
};

} // namespace

TEST_CASE_METHOD(descriptor_limit_fixture,
                 "connections leave 128 file descriptors, or half of a small limit, for the rest of the process") {
    set(1024);
    CHECK(connections_within_descriptors(10'000) == 896);
    CHECK(connections_within_descriptors(100) == 100);
    set(40);
    CHECK(connections_within_descriptors(10'000) == 20);
    CHECK(connections_within_descriptors(1) == 1);
}
