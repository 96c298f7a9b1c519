#pragma once

#include <base/ids.hpp>
#include <graphql/schema_builder.hpp>

#include <string>
#include <string_view>

/// Things that can be found by one id among all (Relay's global object identification).
namespace atrium::resource {

/// "User:1".
template <class Id>
[[nodiscard]] std::string node_id(std::string_view type, Id id) {
    return std::string{type} + ":" + std::to_string(id.value);
}

/// The id that a client wrote; {0}, which nothing has, where it is none.
template <class Id>
[[nodiscard]] Id read_id(std::string_view text) {
    return Id{parse_id(text).value_or(0)};
}

/// The interface `Node` and `Query.node`, which finds every type that implements it and has a key. Once in a schema.
void add_node(graphql::schema_builder& to);

} // namespace atrium::resource
