#include "backups.hpp"
#include "descriptions.hpp"
#include "history.hpp"
#include "house.hpp"
#include "request_list.hpp"
#include "sampler.hpp"
#include "system.hpp"

#include <console/routes.hpp>
#include <http/body.hpp>
#include <http/query.hpp>
#include <http/resource.hpp>
#include <http/response_memory.hpp>
#include <http/without_caching.hpp>
#include <pages/pages.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::console {
namespace {

constexpr std::string_view page_name = "console";
constexpr std::string_view requests_path = "/console/data/requests";
constexpr std::string_view system_path = "/console/data/system";

/// The Content-Security-Policy of the pages. It allows only resources from this server, and requests to it, but no inline
/// scripts or styles.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

constexpr std::size_t bytes_of_request = 1024;       // approximately the maximum size of a request in JSON
constexpr std::size_t bytes_of_history = 160 * 1024; // approximately the maximum size of the history in JSON

http::response private_json(std::string body) {
    return http::without_caching(http::json(std::move(body)));
}

/// Whether this path below /console/ is reserved for data or files, and so is not a page. Called only for paths for which the
/// router has found no other route.
bool is_reserved(std::string_view path) {
    return std::ranges::any_of(std::array<std::string_view, 3>{"assets", "backups", "data"}, [&](std::string_view each) {
        return path.starts_with(each) && (path.size() == each.size() || path[each.size()] == '/');
    });
}

awaitable<http::response> show_page(const http::request& q) {
    co_return is_reserved(q.parameter("page")) ? http::problem(http::status::not_found, "there is nothing at this path")
                                               : routes::page(q);
}

awaitable<http::response> show_file(const http::request& q) {
    co_return pages::file_of(q, page_name, q.parameter("name"));
}

http::response backup_response(const http::request& q, const result<backups::backup>& backup) {
    if (!backup)
        return http::problem(q, backup.error());
    std::string body;
    json_writer json{body};
    json.begin_object().key("name").value(backup->name).key("bytes");
    if (backup->bytes)
        json.value(static_cast<std::int64_t>(*backup->bytes));
    else
        json.null();
    json.end_object();
    auto answer = private_json(std::move(body));
    answer.status = backup->bytes ? http::status::created : http::status::accepted;
    answer.set("Location", std::string{system_path});
    return answer;
}

} // namespace

routes::routes(routes_parts p)
    : parts_{std::move(p)}, history_{std::make_unique<console::history>(parts_.interval)},
      sampler_{std::make_unique<sampler>(
          sampler::parts{*history_, parts_.metrics, parts_.bus, parts_.time, parts_.log, parts_.interval})},
      backups_{std::make_unique<backups>(parts_.facts.database, parts_.facts.backups, parts_.facts.kept_backups,
                                         parts_.facts.schemas, parts_.time, parts_.log)} {}

routes::~routes() = default;

bool routes::has_page() noexcept {
    return pages::has_page(page_name);
}

http::response routes::page(const http::request& q) {
    return pages::index_of(q, page_name, policy);
}

void routes::start() {
    sampler_->start();
}

void routes::begin_stop() {
    backups_->begin_stop();
}

void routes::stop() {
    backups_->stop();
    sampler_->stop();
}

void routes::add_routes(http::router& router) {
    if (has_page())
        add_page_routes(router);
    add_data_routes(router);
}

void routes::add_page_routes(http::router& router) const {
    router
        .get("/console/", "The console, for browsers",
             [](const http::request& q) -> awaitable<http::response> { co_return page(q); })
        .open()
        .describe(describe_page());
    router.get("/console/{page...}", "A page of the console, for browsers", show_page).open().describe(describe_inner_page());
    router.get("/console/assets/{name}", "A file of the console", show_file).open().describe(describe_file());
}

void routes::add_data_routes(http::router& router) {
    router
        .get("/console/data/house", "The running configuration: modules, routes, topics, subscriptions",
             [this, &router](const http::request& q) -> awaitable<http::response> { co_return show_house(q, router); })
        .any_principal()
        .describe(describe_house_data());
    router
        .get("/console/data/history", "Samples of the metrics of the last hour",
             [this](const http::request& q) { return show_history(q); })
        .scope("metrics:read")
        .describe(describe_history_data());
    router
        .get(std::string{requests_path}, "List the latest requests",
             [this](const http::request& q) { return list_requests(q); })
        .scope("admin")
        .describe(describe_request_list());
    router
        .get(std::string{system_path}, "Version, effective configuration, migrations, storage and backups",
             [this](const http::request& q) -> awaitable<http::response> { co_return show_system(q); })
        .scope("admin")
        .describe(describe_system_data());
    router.post("/console/backups", "Make a backup of the database", [this](const http::request& q) { return make_backup(q); })
        .scope("admin")
        .describe(describe_backup());
}

http::response routes::show_house(const http::request& q, const http::router& router) const {
    if (const auto checked = http::check_no_query(q); !checked)
        return http::problem(q, checked.error());
    return private_json(describe_house(parts_.facts, router, parts_.bus, q.principal.get()));
}

awaitable<http::response> routes::show_history(const http::request& q) const {
    auto query = http::read_query(q);
    const auto after = query.integer("after", 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
    if (const auto read = query.finish(); !read)
        co_return http::problem(q, read.error());
    auto memory = co_await http::take_for_response(q, bytes_of_history);
    if (!memory)
        co_return http::out_of_memory();
    auto answer = private_json(history_->to_json(after));
    http::keep_until_sent(answer, *std::move(memory));
    co_return answer;
}

awaitable<http::response> routes::list_requests(const http::request& q) const {
    const auto filter = read_request_filter(q);
    if (!filter)
        co_return http::problem(q, filter.error());
    auto memory = co_await http::take_for_response(q, filter->limit * bytes_of_request);
    if (!memory)
        co_return http::out_of_memory();
    auto [json, next] = list_recent(parts_.requests, *filter);
    const auto cursor = next ? std::optional{std::to_string(*next)} : std::nullopt;
    auto answer = http::without_caching(http::page(q, requests_path, std::move(json), cursor));
    http::keep_until_sent(answer, *std::move(memory));
    co_return answer;
}

http::response routes::show_system(const http::request& q) const {
    if (const auto checked = http::check_no_query(q); !checked)
        return http::problem(q, checked.error());
    return private_json(describe_system(parts_.facts, *backups_));
}

awaitable<http::response> routes::make_backup(const http::request& q) {
    if (const auto checked = http::check_creation(q); !checked)
        co_return http::problem(q, checked.error());
    co_return backup_response(q, co_await backups_->make());
}

} // namespace atrium::console
