#pragma once

#include <module_support/module_process.hpp>

#include <string>

namespace atrium::support {

/// Checks that each simple field of a type (without arguments and subfields) has the same value when it is selected alone as
/// when all fields are selected: reading fewer columns must not change the values.
/// @param query with an `@` in place of the fields
void check_fields_alone(module_process& here, const std::string& type, const std::string& query);

} // namespace atrium::support
