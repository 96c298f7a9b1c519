#include <graphql/introspection.hpp>
#include <resource/connection.hpp>
#include <resource/node.hpp>
#include <resource/shared_types.hpp>

namespace atrium::resource {

void add_shared_types(graphql::schema_builder& to) {
    graphql::add_date_time(to);
    graphql::add_json(to);
    graphql::add_introspection(to);
    add_node(to);
    add_page_info(to);
}

} // namespace atrium::resource
