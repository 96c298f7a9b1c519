#pragma once

#include <support/running_server.hpp>
#include <support/split_servers.hpp>

namespace atrium::support {

// The shape in which Atrium runs in tests that are about either: the same files are built for each (CMakeLists.txt).
#ifdef ATRIUM_SPLIT
using deployment = split_servers; // users and orders in a process each
#else
using deployment = running_server; // all in one process
#endif

} // namespace atrium::support
