#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

namespace atrium::events::rabbitmq {

/// Deliveries of one channel that are not acknowledged yet, without I/O. They are finished in any order and acknowledged
/// cumulatively: up to a tag before which nothing is unfinished. One thread.
class unacked {
public:
    /// Tags come in ascending order, as the broker numbers them. `bytes` is the memory that the delivery takes.
    void arrived(std::uint64_t tag, std::size_t bytes = 0);

    /// These are finished; unknown and repeated tags are ignored. The largest tag up to which everything is finished, where
    /// that has moved: to be acknowledged with `multiple`. How many that are is added to `number`.
    [[nodiscard]] std::optional<std::uint64_t> finish(std::span<const std::uint64_t> tags, std::size_t& number);

    /// Those from `tag` on will not be finished any more.
    void drop_from(std::uint64_t tag);

    /// The connection is gone, and with it every tag.
    void clear() noexcept {
        deliveries_.clear();
        bytes_ = 0;
    }

    [[nodiscard]] std::size_t size() const noexcept { return deliveries_.size(); }
    /// The sum over all deliveries.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return deliveries_.empty(); }

private:
    struct delivery {
        std::uint64_t tag;
        std::size_t bytes;
        bool finished = false;
    };
    std::deque<delivery> deliveries_; ///< ascending; the first is not finished
    std::size_t bytes_ = 0;
};

} // namespace atrium::events::rabbitmq
