#include "version.hpp"

#include <boost/version.hpp>

#include <sqlite3.h>

namespace atrium::app {
namespace {

std::string compiler() {
#if defined(__clang__)
    return "clang++ " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." + std::to_string(__GNUC_PATCHLEVEL__);
#else
    return "an unknown compiler";
#endif
}

std::string boost_version() {
    return std::to_string(BOOST_VERSION / 100'000) + "." + std::to_string(BOOST_VERSION / 100 % 1'000) + "." +
           std::to_string(BOOST_VERSION % 100);
}

} // namespace

std::string_view version() noexcept {
    return ATRIUM_VERSION;
}

std::string build_info() {
    return compiler() + " (" ATRIUM_BUILD_TYPE "), Boost " + boost_version() + ", SQLite " + sqlite3_libversion();
}

} // namespace atrium::app
