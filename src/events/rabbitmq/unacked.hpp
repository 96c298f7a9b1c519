#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

namespace atrium::events::rabbitmq {

/// Tracks the deliveries of one channel that are not acknowledged yet, without I/O. They are finished in any order, and
/// acknowledged cumulatively: all deliveries up to the first one that is not finished. One thread.
class unacked {
public:
    /// Adds a delivery. Tags come in ascending order, as the broker assigns them. `bytes` is the size of the delivery in
    /// memory.
    void add(std::uint64_t tag, std::size_t bytes = 0);

    /// Marks the deliveries with these tags as finished; unknown and repeated tags are ignored. If more can be acknowledged
    /// now, returns the largest tag up to which everything is finished, to be acknowledged with `multiple`, and adds the number
    /// of deliveries up to that tag to `count`.
    [[nodiscard]] std::optional<std::uint64_t> finish(std::span<const std::uint64_t> tags, std::size_t& count);

    /// Removes the deliveries from `tag` on, which will not be finished.
    void drop_from(std::uint64_t tag);

    /// Removes all deliveries; call it when the connection is lost, since its tags are no longer valid.
    void clear() noexcept {
        deliveries_.clear();
        bytes_ = 0;
    }

    [[nodiscard]] std::size_t size() const noexcept { return deliveries_.size(); }
    /// The size of all deliveries in memory.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return deliveries_.empty(); }

private:
    struct delivery {
        std::uint64_t tag;
        std::size_t bytes;
        bool is_finished = false;
    };
    std::deque<delivery> deliveries_; ///< by ascending tag; the first is not finished
    std::size_t bytes_ = 0;
};

} // namespace atrium::events::rabbitmq
