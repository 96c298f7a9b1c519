#include "json.hpp"

namespace atrium::orders {

void write_json(json_writer& out, const order_view& o) {
    out.begin_object();
    out.key("id").value(o.id.value);
    out.key("user_id").value(o.user_id.value);
    out.key("user").value(o.user);
    out.key("product_name").value(o.product_name);
    out.key("quantity").value(o.quantity);
    out.key("status").value(name_of(o.status));
    out.key("revision").value(o.revision);
    out.key("created_at").value(o.created_at);
    out.key("updated_at").value(o.updated_at);
    out.end_object();
}

} // namespace atrium::orders
