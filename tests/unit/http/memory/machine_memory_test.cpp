#include "memory/machine_memory.hpp"

#include <http/memory_budget.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string_view>

using namespace atrium;

namespace {

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

/// A folder with files like those under /proc and /sys in which the kernel reports control groups and their limits.
class system_fixture {
public:
    void write(const std::filesystem::path& file, std::string_view text) {
        std::filesystem::create_directories((root_ / file).parent_path());
        std::ofstream{root_ / file} << text;
    }
    [[nodiscard]] std::uint64_t limit() const { return http::control_group_limit(root_); }

private:
    support::temporary_directory folder_;
    std::filesystem::path root_ = folder_ / "root";
};

} // namespace

TEST_CASE("a machine without control groups has no memory limit") {
    CHECK(system_fixture{}.limit() == unlimited);
}

TEST_CASE("with cgroup v2, the memory limit is the smallest one of the process's group and the groups above it") {
    system_fixture system;
    system.write("proc/self/cgroup", "0::/system.slice/atrium.service\n");
    system.write("sys/fs/cgroup/system.slice/atrium.service/memory.max", "max\n");
    CHECK(system.limit() == unlimited);
    system.write("sys/fs/cgroup/system.slice/memory.max", "1073741824\n");
    CHECK(system.limit() == 1073741824);
    system.write("sys/fs/cgroup/system.slice/atrium.service/memory.max", "268435456\n");
    CHECK(system.limit() == 268435456);
}

TEST_CASE("if a container's own group is mounted as the root of cgroup v2, the limit of that group applies") {
    system_fixture system;
    system.write("proc/self/cgroup", "0::/\n");
    system.write("sys/fs/cgroup/memory.max", "536870912\n");
    CHECK(system.limit() == 536870912);
    system.write("proc/self/cgroup", "0::/docker/0123456789abcdef\n"); // a path that exists only outside of the container
    CHECK(system.limit() == 536870912);
}

TEST_CASE("with cgroup v1, the memory limit is that of the process's group in the memory controller") {
    system_fixture system;
    system.write("proc/self/cgroup", "5:cpu,cpuacct:/other\n4:memory:/atrium\n1:name=systemd:/atrium\n0::/\n");
    system.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"); // the kernel's value for no limit
    system.write("sys/fs/cgroup/memory/atrium/memory.limit_in_bytes", "134217728\n");
    system.write("sys/fs/cgroup/memory/other/memory.limit_in_bytes", "1\n");
    CHECK(system.limit() == 134217728);
}

TEST_CASE("the default memory budget is between 1 and 512 MiB") {
    CHECK(http::default_memory_limit() <= 512U << 20U);
    CHECK(http::default_memory_limit() > 1U << 20U);
}
