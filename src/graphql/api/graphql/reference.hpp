#pragma once

#include <string>

namespace atrium::graphql {

/// Some row by the name of its type and the text of its key: what a field of an interface or a union may give where it does not
/// know the type's C++. Its row is loaded by the type's first key (see `object_builder::key`). Where there is no such type, it
/// has no key, or the text is none, this is null.
struct reference {
    std::string type;
    std::string key;
};

} // namespace atrium::graphql
