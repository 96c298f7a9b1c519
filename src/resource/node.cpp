#include <resource/node.hpp>

#include <optional>

namespace atrium::resource {

void add_node(graphql::schema_builder& builder) {
    builder.define(R"(
        "An object that can be found by a globally unique id."
        interface Node { nodeId: ID! }
    )");
    builder.query()
        .root("node(id: ID!): Node", "Finds an object by its `nodeId`.",
              [](const graphql::field_call& call) -> awaitable<std::optional<graphql::reference>> {
                  const auto id = call.arguments.get<std::string_view>("id");
                  const auto colon = id.find(':');
                  if (colon == std::string_view::npos)
                      co_return std::nullopt;
                  co_return graphql::reference{std::string{id.substr(0, colon)}, std::string{id.substr(colon + 1)}};
              })
        .any_principal();
}

} // namespace atrium::resource
