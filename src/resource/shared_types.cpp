#include <graphql/introspection.hpp>
#include <resource/connection.hpp>
#include <resource/node.hpp>
#include <resource/shared_types.hpp>

namespace atrium::resource {

void add_shared_types(graphql::schema_builder& builder) {
    graphql::add_date_time(builder);
    graphql::add_json(builder);
    graphql::add_introspection(builder);
    add_node(builder);
    add_page_info(builder);
}

} // namespace atrium::resource
