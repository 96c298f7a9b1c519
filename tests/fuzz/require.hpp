#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace atrium::fuzz {

/// Aborts the program if `truth` is false, which libFuzzer reports as a finding.
inline void require(bool truth, std::string_view what) {
    if (truth)
        return;
    std::fprintf(stderr, "violated: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

} // namespace atrium::fuzz
