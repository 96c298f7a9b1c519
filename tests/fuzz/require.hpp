#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace atrium::fuzz {

/// Aborts the program if `holds` is false, which libFuzzer reports as a finding. `statement` describes what must hold.
inline void require(bool holds, std::string_view statement) {
    if (holds)
        return;
    std::fprintf(stderr, "violated: %.*s\n", static_cast<int>(statement.size()), statement.data());
    std::abort();
}

} // namespace atrium::fuzz
