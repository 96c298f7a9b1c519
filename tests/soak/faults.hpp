#pragma once

#include "scene.hpp"

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace atrium::soak {

/// Numbers by which a fault varies; from one seed always the same.
using dice = std::mt19937;

/// Something that goes wrong and is mended. `strike` returns once it is; the load goes on meanwhile.
struct fault {
    std::string name;
    std::function<void(scene&, side& hit, dice&)> strike;
    /// A server may end by itself, with a status other than 0: it is started again then.
    bool may_end_a_server = false;
    /// It loses events that the broker has confirmed, which Atrium cannot prevent: used only if it is asked for by name. The
    /// processes must recover and count new orders.
    bool loses_events = false;
};

[[nodiscard]] const std::vector<fault>& all_faults();

} // namespace atrium::soak
