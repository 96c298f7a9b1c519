#pragma once

#include <cstddef>

namespace atrium::http {

/// The number of connections for which the process has enough file descriptors (RLIMIT_NOFILE as it is now), at most
/// `max_count` and at least one. Some descriptors are left for everything else, such as the database's files.
[[nodiscard]] std::size_t connections_within_descriptors(std::size_t max_count) noexcept;

} // namespace atrium::http
