#pragma once

#include <http/settings.hpp>

namespace atrium::http {

/// Throws `listen_error` (<http/server.hpp>) if a server with these settings could not listen now: the address is not valid, or
/// the port is in use, even if the program that uses it allows others to share it.
void check_address(const settings& s);

} // namespace atrium::http
