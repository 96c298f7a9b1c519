#include <auth/sessions.hpp>
#include <base/json_texts.hpp>

namespace atrium::auth {

void write_session(json_writer& json, const session_row& row) {
    json.begin_object().key("id").value(row.id.value).key("name").value(row.principal).key("scopes");
    write_texts(json, row.scopes).key("created").value(row.created).key("expires").value(row.expires).end_object();
}

} // namespace atrium::auth
