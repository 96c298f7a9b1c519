#include "operations.hpp"

#include <base/text.hpp>
#include <http/body.hpp>
#include <http/query.hpp>
#include <http/resource.hpp>
#include <http/response_memory.hpp>
#include <resource/response_recorder.hpp>
#include <resource/routes.hpp>

namespace atrium::resource {
namespace {

constexpr std::size_t estimated_row_size = 512; // in bytes: the JSON of a row with long texts

} // namespace

void routes::add_to(http::router& r) {
    const auto& d = service_->description();
    const auto item_path = path_ + "{id}";
    r.get(path_, summaries_.list, [this](const http::request& q) { return list(q); })
        .scope(d.read_scope())
        .describe(describe_list(d, path_));
    r.post(
         path_, summaries_.create, [this](const http::request& q) { return create(q); }, http::check_creation_early)
        .scope(d.write_scope())
        .describe(describe_creation(d));
    r.get(item_path, summaries_.show, [this](const http::request& q) { return show(q); })
        .scope(d.read_scope())
        .describe(describe_item(d));
    r.patch(
         item_path, summaries_.change, [this](const http::request& q) { return change(q); }, http::check_change_early)
        .scope(d.write_scope())
        .describe(describe_change(d));
    r.remove(item_path, summaries_.remove, [this](const http::request& q) { return remove(q); })
        .scope(d.write_scope())
        .describe(describe_removal(d));
}

awaitable<http::response> routes::list(const http::request& q) {
    auto reader = http::read_query(q);
    const auto query = read_list(service_->description(), reader);
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());

    auto memory = co_await http::take_for_response(q, static_cast<std::size_t>(query.limit) * estimated_row_size);
    if (!memory)
        co_return http::out_of_memory();
    auto page = co_await service_->list(query, call_of(q));
    if (!page)
        co_return http::problem(q, page.error());
    const auto next = page->next ? std::optional{to_cursor(service_->description(), query, *page->next)} : std::nullopt;
    auto reply = http::page(q, path_, std::move(page->array), next);
    http::keep_until_sent(reply, *std::move(memory));
    co_return reply;
}

awaitable<http::response> routes::create(const http::request& q) {
    if (const auto checked = http::check_creation(q); !checked)
        co_return http::problem(q, checked.error());
    auto reader = http::read_body(q);
    if (!reader)
        co_return http::problem(q, reader.error());

    const auto respond = [this](shown_entity created) { return created_response(std::move(created)); };
    response_recorder recorder{q, respond};
    auto created = co_await service_->create(*reader, call_of(q, recorder.find()));
    co_return created ? respond(*std::move(created)) : http::problem(q, created.error());
}

http::response routes::created_response(shown_entity created) const {
    const auto& d = service_->description();
    std::string body;
    json_writer out{body};
    out.begin_object().key("message").value(creation_message(d));
    out.key(std::string_view{ascii_lower(d.name())}).raw(created.body).end_object();
    return http::created_response(std::move(body), std::move(created.etag), path_ + std::to_string(created.id));
}

awaitable<http::response> routes::show(const http::request& q) {
    const auto id = http::id_in_path<std::int64_t>(q);
    if (!id)
        co_return http::problem(q, id.error());
    auto found = co_await service_->find_by_id(*id, call_of(q));
    if (!found)
        co_return http::problem(q, found.error());
    co_return http::item_response(q, std::move(found->body), std::move(found->etag));
}

awaitable<http::response> routes::change(const http::request& q) {
    const auto id = http::id_in_path<std::int64_t>(q);
    if (!id)
        co_return http::problem(q, id.error());
    auto reader = http::read_body(q);
    if (!reader)
        co_return http::problem(q, reader.error());

    const auto condition = http::preconditions(q);
    const auto respond = [](shown_entity changed) {
        return http::changed_response(std::move(changed.body), std::move(changed.etag));
    };
    response_recorder recorder{q, respond};
    auto changed = co_await service_->change(*id, *reader, condition, call_of(q, recorder.find()));
    co_return changed ? respond(*std::move(changed)) : http::problem(q, changed.error());
}

awaitable<http::response> routes::remove(const http::request& q) {
    const auto id = http::id_in_path<std::int64_t>(q);
    if (!id)
        co_return http::problem(q, id.error());
    const auto condition = http::preconditions(q);
    response_recorder recorder{q, [](const shown_entity&) { return http::no_content(); }};
    const auto removed = co_await service_->remove(*id, condition, call_of(q, recorder.find()));
    co_return removed ? http::no_content() : http::problem(q, removed.error());
}

} // namespace atrium::resource
