#pragma once

#include <access/principal.hpp>
#include <base/json_writer.hpp>

namespace atrium::access {

/// Writes what a client may know about itself: its name, its scopes, and when its credential expires (null if never).
void show(json_writer& json, const principal& client);

} // namespace atrium::access
