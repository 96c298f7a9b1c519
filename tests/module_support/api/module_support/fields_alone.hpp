#pragma once

#include <module_support/module_process.hpp>

#include <string>

namespace atrium::support {

/// Checks each field of a type, except for fields with arguments or subfields: it must have the same value when it is selected
/// alone as when all such fields are selected. If it is selected alone, fewer columns are read, and this must not change the
/// value.
/// @param query a query with an `@` where the fields of the type are inserted
void check_fields_alone(module_process& process, const std::string& type, const std::string& query);

} // namespace atrium::support
