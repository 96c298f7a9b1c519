#pragma once

#include <cstdlib>
#include <iostream>

namespace atrium::support {

/// Aborts the test program with a message. To be passed to `sqlite_database::start`. The database calls it on one of its
/// threads, where a test cannot fail in another way.
[[noreturn]] inline void abort_for_broken_database() {
    std::cerr
        << "a database of this test can no longer be used: its file has been missing for 5 seconds (was its folder removed "
           "before the database was closed?), or a COMMIT failed with an I/O error\n"
        << std::flush;
    std::abort();
}

} // namespace atrium::support
