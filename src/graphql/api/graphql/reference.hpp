#pragma once

#include <string>

namespace atrium::graphql {

/// A row, by the name of its type and the text of its key. A field of an interface or a union may return it if it does not know
/// the C++ type of the row. The row is loaded by the type's first key (see `object_builder::key`). The result is null if the
/// type does not exist or has no key, or if the text is not a valid key.
struct reference {
    std::string type;
    std::string key;
};

} // namespace atrium::graphql
