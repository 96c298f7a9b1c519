#pragma once

#include "account.hpp"

#include <base/json_writer.hpp>

namespace atrium::users {

/// The user as REST shows it.
void write_json(json_writer& out, const account_view& a);

} // namespace atrium::users
