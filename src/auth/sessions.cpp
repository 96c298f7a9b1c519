#include <auth/sessions.hpp>

namespace atrium::auth {

void write_session(json_writer& json, const session_row& row) {
    json.begin_object().key("id").value(row.id.value).key("name").value(row.principal).key("scopes").begin_array();
    for (const auto& scope : row.scopes)
        json.value(scope);
    json.end_array().key("created").value(row.created).key("expires").value(row.expires).end_object();
}

} // namespace atrium::auth
