#pragma once

#include <support/running_server.hpp>
#include <support/split_with_broker.hpp>

// The deployment to test: CMakeLists.txt compiles the same test files for several deployments.
#ifndef ATRIUM_DEPLOYMENT
#define ATRIUM_DEPLOYMENT running_server
#endif

namespace atrium::support {

using deployment = ATRIUM_DEPLOYMENT;

} // namespace atrium::support
