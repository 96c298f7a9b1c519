#include "event_parser.hpp"

#include <utility>

namespace atrium::event_commands {

std::vector<std::string> event_parser::take(std::string_view piece) {
    unread_ += piece;
    std::vector<std::string> complete;
    std::size_t begin = 0;
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', begin)) {
        std::string_view line{unread_.data() + begin, end - begin};
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        take_line(line, complete);
        begin = end + 1;
    }
    unread_.erase(0, begin);
    return complete;
}

void event_parser::take_line(std::string_view line, std::vector<std::string>& complete) {
    if (line.empty()) {
        if (std::exchange(has_id_, false))
            last_id_ = std::move(id_);
        if (!data_.empty())
            complete.push_back(std::exchange(data_, {}));
        return;
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "data")
        data_.append(data_.empty() ? "" : "\n").append(value);
    else if (name == "id") {
        id_ = value;
        has_id_ = true;
    }
}

void event_parser::reset() {
    unread_.clear();
    data_.clear();
    has_id_ = false;
}

} // namespace atrium::event_commands
