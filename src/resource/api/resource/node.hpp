#pragma once

#include <base/ids.hpp>
#include <graphql/schema_builder.hpp>

#include <string>
#include <string_view>

/// Objects that can be found by a globally unique id (Relay's global object identification).
namespace atrium::resource {

/// "User:1".
template <class Id>
[[nodiscard]] std::string node_id(std::string_view type, Id id) {
    return std::string{type} + ":" + std::to_string(id.value);
}

/// Parses an id of a client; {0}, which no row has, if it is not valid.
template <class Id>
[[nodiscard]] Id read_id(std::string_view text) {
    return Id{parse_id(text).value_or(0)};
}

/// Declares the interface `Node` and the query `node`, which finds objects of every type that implements it and has a key. Call
/// it once for a schema.
void add_node(graphql::schema_builder& builder);

} // namespace atrium::resource
