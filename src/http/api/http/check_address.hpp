#pragma once

#include <http/settings.hpp>

namespace atrium::http {

/// Throws `listen_error` (<http/server.hpp>) if a server with these settings could not listen now, because the address is not
/// valid or the port is in use. A port also counts as in use if the program that listens there shares it (SO_REUSEPORT).
void check_address(const settings& s);

} // namespace atrium::http
