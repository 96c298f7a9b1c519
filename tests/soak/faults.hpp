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
    /// It is asked for by name only, as it shows more than what is promised.
    bool beyond_promise = false;
};

[[nodiscard]] const std::vector<fault>& all_faults();

} // namespace atrium::soak
