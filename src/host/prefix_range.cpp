#include <host/prefix_range.hpp>

namespace atrium::host {

// Nothing sorts behind a text that goes on with the last code point for as long as a text may be: in UTF-8, bytes are ordered
// as code points are.
prefix_range::prefix_range(const std::optional<std::string>& prefix) {
    if (!prefix || prefix->empty())
        return;
    first = *prefix;
    last = *prefix;
    for (int i = 0; i < longest_text; ++i)
        *last += "\U0010FFFF";
}

} // namespace atrium::host
