#include "json.hpp"

namespace atrium::users {

void write_json(json_writer& out, const account_view& a) {
    out.begin_object();
    out.key("id").value(a.id.value);
    out.key("username").value(a.username);
    out.key("email").value(a.email);
    out.key("order_count").value(a.order_count);
    out.key("last_order_at");
    if (a.last_order_at)
        out.value(*a.last_order_at);
    else
        out.null();
    out.key("revision").value(a.revision);
    out.key("created_at").value(a.created_at);
    out.key("updated_at").value(a.updated_at);
    out.end_object();
}

} // namespace atrium::users
