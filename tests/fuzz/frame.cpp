#include "framing/framer.hpp"
#include "require.hpp"

#include <base/text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium;
using fuzz::require;

namespace {

/// Returns the requests that a framer reads from bytes that arrive `step` at a time, with all their headers. The reason and the
/// position of an error are left out, because Beast may need more bytes to detect a malformed chunk extension.
std::string read_requests(std::string_view bytes, std::size_t step) {
    const http::limits limits{.target = 100, .header = 400, .fields = 8, .body = 300}; // low, so that inputs exceed them
    http::framer f{limits};
    http::request q;
    std::string out;
    for (;;) {
        switch (f.next(q)) {
        case http::progress::done:
            require(q.body.size() <= limits.body && q.target.size() <= limits.target, "a request is within the limits");
            require(is_utf8(q.path), "a path is valid UTF-8");
            out.append(boost::beast::http::to_string(q.method)).append(" ").append(q.path).append("?").append(q.query);
            for (const auto& field : q.headers.all())
                out.append("\n").append(field.name).append("=").append(field.value);
            out.append("\n").append(q.body).append("\n");
            f.finish();
            continue;
        case http::progress::refused: return out;
        case http::progress::need_more: break;
        }
        if (bytes.empty())
            return out;
        const auto space = f.free_space();
        const auto count = std::min({space.size(), bytes.size(), step});
        std::copy_n(bytes.data(), count, space.data());
        f.add_received(count);
        bytes.remove_prefix(count);
    }
}

} // namespace

/// The input is a sequence of requests that may end with an error. The requests must be the same however the network splits the
/// bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto whole = read_requests(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t step : {1U, 3U, 20U})
        require(read_requests(bytes, step) == whole, "requests are the same however the network splits them");
    return 0;
}
