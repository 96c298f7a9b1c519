#pragma once

#include <base/ids.hpp>
#include <graphql/schema_builder.hpp>

#include <string>
#include <string_view>

/// Objects that can be found by a globally unique id (Relay's global object identification).
namespace atrium::resource {

/// The globally unique id of an object: "User:1".
template <class Id>
[[nodiscard]] std::string node_id(std::string_view type, Id id) {
    return std::string{type} + ":" + std::to_string(id.value);
}

/// Parses an id from a client. Returns {0}, an id that no row has, if the text is not a valid id.
template <class Id>
[[nodiscard]] Id read_id(std::string_view text) {
    return Id{parse_id(text).value_or(0)};
}

/// Declares the interface `Node` and the query `node`, which finds objects of every type that implements `Node` and has a key.
/// Call it once for a schema.
void add_node(graphql::schema_builder& builder);

} // namespace atrium::resource
