#pragma once

#include <module_support/module_process.hpp>

#include <string>

namespace atrium::support {

/// Checks that each field of a type that stands for itself (neither arguments nor fields of its own) has the same values when
/// it is asked for alone as when it is asked for together with all the others: reading less must not change what is read.
/// @param query with an `@` for the fields
void check_fields_alone(module_process& here, const std::string& type, const std::string& query);

} // namespace atrium::support
