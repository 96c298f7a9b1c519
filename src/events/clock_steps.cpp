#include "clock_steps.hpp"

#include <utility>

namespace atrium::events {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;

constexpr std::chrono::seconds step{1};      // less is the ordinary correction of a clock
constexpr std::chrono::minutes tolerance{1}; // between two readings, for the same reason

} // namespace

bool clock_steps::was_set_back(timestamp now, steady::time_point at) {
    const auto before = std::exchange(last_, reading{now, at});
    return !before || now - before->time < floor<milliseconds>(at - before->at) - step;
}

timestamp cautious_time::read(timestamp now, steady::time_point at) {
    const auto expected = time_ + floor<milliseconds>(at - at_);
    const bool is_ahead = now > expected + tolerance;
    if (is_ahead && !ahead_since_)
        ahead_since_ = at;
    if (is_ahead && at - *ahead_since_ < probation)
        return expected;
    ahead_since_.reset();
    time_ = now;
    at_ = at;
    return now;
}

} // namespace atrium::events
