#include "server/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace atrium::http {
namespace {

// Descriptors that the connections of clients cannot use. A server with two threads and a broker uses about 40 of them; each
// further thread adds five.
constexpr std::size_t max_reserved = 128;

} // namespace

std::size_t connections_within_descriptors(std::size_t max_count) noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return max_count;
    const std::size_t max_open = limit.rlim_cur;
    const auto reserved = std::min(max_reserved, max_open / 2);
    return std::clamp<std::size_t>(max_open - reserved, 1, max_count);
}

} // namespace atrium::http
