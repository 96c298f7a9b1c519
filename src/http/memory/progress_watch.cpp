#include "memory/progress_watch.hpp"

namespace atrium::http {
namespace {

constexpr std::size_t min_progress = 16U * 1024; // fewer bytes do not count as progress

} // namespace

void progress_watch::begin(time_point now) noexcept {
    if (waiting_since_ == time_point::max()) {
        waiting_since_ = now;
        bytes_ = 0;
    }
}

void progress_watch::advance(std::size_t bytes, time_point now) noexcept {
    bytes_ += bytes;
    if (bytes_ < min_progress || waiting_since_ == time_point::max())
        return;
    waiting_since_ = now;
    bytes_ = 0;
}

} // namespace atrium::http
