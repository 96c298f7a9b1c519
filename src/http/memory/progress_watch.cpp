#include "memory/progress_watch.hpp"

namespace atrium::http {
namespace {

constexpr std::size_t step = 16U * 1024; // fewer bytes do not count as progress

} // namespace

void progress_watch::begin(time_point now) noexcept {
    if (since_ == time_point::max()) {
        since_ = now;
        bytes_ = 0;
    }
}

void progress_watch::advance(std::size_t bytes, time_point now) noexcept {
    bytes_ += bytes;
    if (bytes_ < step || since_ == time_point::max())
        return;
    since_ = now;
    bytes_ = 0;
}

} // namespace atrium::http
