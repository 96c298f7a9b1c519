#include "core/clock_steps.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;

constexpr std::chrono::seconds step{1};      // smaller changes are ordinary clock corrections
constexpr std::chrono::minutes tolerance{1}; // allowed between two readings, for the same reason

} // namespace

bool clock_steps::was_set_back(timestamp now, steady::time_point at) {
    const auto before = std::exchange(last_, reading{now, at});
    return !before || now - before->time < floor<milliseconds>(at - before->at) - step;
}

timestamp cautious_time::read(timestamp now, steady::time_point at) {
    const auto expected = time_ + floor<milliseconds>(at - at_);
    if (now > expected + tolerance) {
        if (!ahead_ || abs(now - ahead_->time - floor<milliseconds>(at - ahead_->at)) > tolerance)
            ahead_ = {now, at};
        if (at - ahead_->at < probation)
            return expected;
    }
    ahead_.reset();
    time_ = now;
    at_ = at;
    return now;
}

timestamp run_bound::limit(timestamp before, milliseconds age, timestamp now, steady::time_point at) {
    earliest_ = std::min(earliest_.value_or(now), now);
    return at - started_ >= age ? before : std::min(before, *earliest_);
}

} // namespace atrium::events
