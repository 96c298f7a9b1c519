#include <graphql/introspection.hpp>
#include <host/connection.hpp>
#include <host/node.hpp>
#include <host/shared_types.hpp>

namespace atrium::host {

void add_shared_types(graphql::schema_builder& to) {
    graphql::add_date_time(to);
    graphql::add_json(to);
    graphql::add_introspection(to);
    add_node(to);
    add_page_info(to);
}

} // namespace atrium::host
