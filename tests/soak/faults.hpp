#pragma once

#include "scene.hpp"

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace atrium::soak {

/// Random numbers that vary a fault; the same seed gives the same numbers.
using dice = std::mt19937;

/// A fault that is repaired after a while. `strike` causes it and returns when it is repaired; during this time, the load
/// continues.
struct fault {
    std::string name;
    std::function<void(scene&, side& target, dice&)> strike;
    /// Whether a server may end because of the fault, with status 1. The server is then started again.
    bool may_end_a_server = false;
    /// Whether the broker drops events that it has confirmed, which must then be sent again. Such a fault is used only if it is
    /// requested by name, because the others are to show that no event needs to be sent again.
    bool drops_events = false;
};

[[nodiscard]] const std::vector<fault>& all_faults();

} // namespace atrium::soak
