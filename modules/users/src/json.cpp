#include "json.hpp"

#include <utility>

namespace atrium::users {
namespace {

constexpr std::size_t usual_size = 20 * 1024; // of a page of 100: grown once instead of a dozen times

} // namespace

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

void json_array::restart() {
    text_.clear();
    text_.reserve(usual_size);
    writer_.emplace(text_);
    writer_->begin_array();
}

void json_array::visit(const account_view& a) {
    write_json(*writer_, a);
}

std::string json_array::finish() {
    writer_->end_array();
    return std::move(text_);
}

} // namespace atrium::users
