#pragma once

#include <cstddef>

namespace atrium::http {

/// How many connections the process's file descriptors suffice for (RLIMIT_NOFILE as it is now), at most `wanted` and at least
/// one. Descriptors for everything else, such as the database's files, are left over.
[[nodiscard]] std::size_t connections_within_descriptors(std::size_t wanted) noexcept;

} // namespace atrium::http
