#pragma once

#include <support/raw_client.hpp>

#include <stdexcept>
#include <string>

namespace atrium::http::test {

/// Reads a streamed response piece by piece. Like those of `raw_client`, the functions block until the data has arrived.
class streamed_answer {
public:
    explicit streamed_answer(support::raw_client& client) : client_{client} {}

    [[nodiscard]] support::answer header() {
        for (;;) {
            if (auto found = support::take_answer(bytes_, false); found.status != 0)
                return found;
            read();
        }
    }

    /// The next chunk's content; empty for the last chunk.
    [[nodiscard]] std::string chunk() {
        const auto size = std::stoul(take_through("\r\n"), nullptr, 16);
        while (bytes_.size() < size + 2)
            read();
        if (bytes_.substr(size, 2) != "\r\n")
            throw std::runtime_error{"a chunk does not have the size in its header: " + bytes_};
        auto content = bytes_.substr(0, size);
        bytes_.erase(0, size + 2);
        return content;
    }

    /// Everything up to the end of the connection.
    [[nodiscard]] std::string rest() { return bytes_ + client_.read_to_end(); }

private:
    /// Removes everything up to and including `mark`, and returns the removed text.
    std::string take_through(const std::string& mark) {
        while (bytes_.find(mark) == std::string::npos)
            read();
        const auto end = bytes_.find(mark) + mark.size();
        auto text = bytes_.substr(0, end);
        bytes_.erase(0, end);
        return text;
    }
    void read() {
        const auto bytes = client_.read_once();
        if (bytes.empty())
            throw std::runtime_error{"the connection ended within a response: " + bytes_};
        bytes_ += bytes;
    }

    support::raw_client& client_;
    std::string bytes_;
};

} // namespace atrium::http::test
