#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace atrium::fuzz {

/// Aborts the program if `holds` is false, which libFuzzer reports as a finding. `what` is the statement that must hold.
inline void require(bool holds, std::string_view what) {
    if (holds)
        return;
    std::fprintf(stderr, "violated: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

} // namespace atrium::fuzz
