#include <base/clock_steps.hpp>

#include <algorithm>
#include <utility>

namespace atrium {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;

constexpr std::chrono::seconds min_step{1}; // smaller changes are ordinary clock corrections
/// A clock that is ahead by no more than this is trusted, because this is an ordinary correction as well.
constexpr std::chrono::minutes tolerance{1};

} // namespace

bool clock_steps::was_set_back(timestamp now, steady::time_point steady_now) {
    const auto previous = std::exchange(last_, reading{now, steady_now});
    return !previous || now - previous->time < floor<milliseconds>(steady_now - previous->at) - min_step;
}

timestamp cautious_time::read(timestamp now, steady::time_point steady_now) {
    const auto expected = time_ + floor<milliseconds>(steady_now - at_);
    if (now > expected + tolerance) {
        if (!ahead_ || abs(now - ahead_->time - floor<milliseconds>(steady_now - ahead_->at)) > tolerance)
            ahead_ = {now, steady_now};
        if (steady_now - ahead_->at < probation)
            return expected;
    }
    ahead_.reset();
    time_ = now;
    at_ = steady_now;
    return now;
}

timestamp run_bound::limit(timestamp cutoff, milliseconds age, timestamp now, steady::time_point steady_now) {
    earliest_ = std::min(earliest_.value_or(now), now);
    return steady_now - started_ >= age ? cutoff : std::min(cutoff, *earliest_);
}

} // namespace atrium
