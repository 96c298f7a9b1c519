#pragma once

#include <module_support/module_process.hpp>

#include <string>

namespace atrium::support {

/// Checks that each field of a type that has neither arguments nor subfields has the same value when it is selected alone and
/// when all such fields are selected. Reading fewer columns must not change the values.
/// @param query a query with an `@` where the fields of the type are inserted
void check_fields_alone(module_process& process, const std::string& type, const std::string& query);

} // namespace atrium::support
