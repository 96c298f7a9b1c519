#pragma once

#include <string>

namespace atrium::graphql {

/// Refers to a row by the name of its type and the text of its key. The function of a field whose type is an interface or a
/// union may return this if the C++ type of the row is not available to it. The row is loaded by the type's first key that has
/// a loader (see `object_builder::key`). The field is null if the type does not exist or has no such key, or if the text is not
/// a valid key.
struct reference {
    std::string type;
    std::string key;
};

} // namespace atrium::graphql
