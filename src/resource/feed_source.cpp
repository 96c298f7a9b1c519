#include <base/ids.hpp>
#include <resource/feed_source.hpp>

#include <string>

namespace atrium::resource {

std::optional<events::event_seq> parse_seq(std::string_view text) noexcept {
    const auto number = text == "0" ? std::optional<std::int64_t>{0} : parse_id(text);
    return number ? std::optional{events::event_seq{*number}} : std::nullopt;
}

result<std::optional<events::event_seq>> read_resume_token(const graphql::context& c) {
    if (c.resume_token.empty())
        return std::optional<events::event_seq>{};
    const auto seq = parse_seq(c.resume_token);
    if (!seq)
        return error{.code = errc::malformed, .detail = "the id of the last event must be the seq of an event, or 0"};
    return seq;
}

} // namespace atrium::resource
