#pragma once

#include <support/running_server.hpp>
#include <support/split_with_broker.hpp>

// The shape in which Atrium runs in tests that are about each of them: CMakeLists.txt builds the same files for several.
#ifndef ATRIUM_DEPLOYMENT
#define ATRIUM_DEPLOYMENT running_server
#endif

namespace atrium::support {

using deployment = ATRIUM_DEPLOYMENT;

} // namespace atrium::support
