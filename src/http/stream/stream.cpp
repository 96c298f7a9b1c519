#include "messages/continuation.hpp"

#include <http/stream.hpp>

#include <utility>

namespace atrium::http {

response streamed(std::string_view content_type, body_producer produce) {
    response answer{.content_type = content_type};
    answer.after_header = std::make_shared<const continuation>(continuation{.produce = std::move(produce)});
    return answer;
}

} // namespace atrium::http
