#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace atrium::fuzz {

/// Ends the program, which libFuzzer takes for a finding, where what must be so is not.
inline void require(bool truth, std::string_view what) {
    if (truth)
        return;
    std::fprintf(stderr, "not so: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

} // namespace atrium::fuzz
