#pragma once

#include <http/settings.hpp>

namespace atrium::http {

/// Throws `listen_error` (<http/server.hpp>) if a server with these settings could not listen now: the address is not valid, or
/// the port is in use, even by a server that would share it.
void check_address(const settings& s);

} // namespace atrium::http
