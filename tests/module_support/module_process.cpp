#include <module_support/module_process.hpp>
#include <resource/shared_types.hpp>
#include <support/broken_database.hpp>
#include <support/eventually.hpp>

#include <boost/json/parse.hpp>

#include <stdexcept>

namespace atrium::support {
namespace {

std::vector<storage::schema> schemas_of(const std::vector<host::description>& modules) {
    std::vector<storage::schema> all{events::journal_schema(), idempotency::key_schema()};
    for (const auto& m : modules)
        all.push_back({m.name, m.migrations});
    return all;
}

/// With these settings, a failed delivery is retried almost immediately, with at most three attempts in total.
events::settings quick_retries() {
    events::settings s;
    s.retry = {.attempts = 3, .first_delay = std::chrono::milliseconds{2}, .max_delay = std::chrono::milliseconds{4}};
    return s;
}

} // namespace

boost::json::value module_answer::json() const {
    return boost::json::parse(body);
}

std::string module_answer::header(std::string_view name) const {
    for (const auto& [header_name, value] : headers)
        if (header_name == name)
            return value;
    return {};
}

std::string module_answer::next_page() const {
    const auto link = header("Link");
    if (link.empty())
        return {};
    constexpr std::string_view end = ">; rel=\"next\"";
    if (!link.starts_with("</") || !link.ends_with(end))
        throw std::logic_error{"not a link to a next page: " + link};
    return link.substr(1, link.size() - 1 - end.size());
}

module_process::module_process(const std::vector<host::description>& modules,
                               const std::function<void(const std::filesystem::path&)>& prepare)
    : database_{{.path = prepare_file(prepare)}, schemas_of(modules), metrics_, {}},
      bus_{events::make_in_process_bus({quick_retries(), storage::store{database_, "events"}, bus_time_, metrics_, {}})} {
    database_.migrate();
    for (const auto& module : modules)
        host::require_tables(module, database_);
    database_.start(support::abort_for_broken_database);
}

std::filesystem::path module_process::prepare_file(const std::function<void(const std::filesystem::path&)>& prepare) {
    auto file = folder_ / "process.db";
    if (prepare)
        prepare(file);
    return file;
}

module_process::~module_process() {
    stop();
}

void module_process::stop() {
    bus_->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10});
    database_.close();
}

host::context module_process::context(const std::string& module) {
    return {.store = store(module), .bus = *bus_, .feed = bus_->feed(), .time = time_, .log = {}};
}

void module_process::settle() {
    eventually([this] { return run(bus_->inspect()).value().pending == 0; });
}

module_answer module_process::send(http::verb method, std::string_view target, std::string_view body,
                                   std::vector<http::field> headers) {
    http::request q{.method = method, .target = target, .path = {}, .query = {}, .headers = {}, .body = body};
    const auto question_mark = target.find('?');
    q.path = target.substr(0, question_mark);
    if (q.path.size() > 1 && q.path.back() == '/')
        q.path.pop_back();
    if (question_mark != std::string_view::npos)
        q.query = target.substr(question_mark + 1);
    for (const auto& f : headers)
        q.headers.add(f);
    if (!body.empty() && !q.headers.has("Content-Type"))
        q.headers.add({"Content-Type", "application/json"});
    q.traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00";

    const auto match = router_.find(q);
    if (!match.found)
        return {.status = match.status, .body = {}, .headers = {}};
    auto response = run(match.found->handler(q));
    return {.status = response.status, .body = std::move(response.body), .headers = std::move(response.headers)};
}

const graphql::engine& module_process::engine() {
    if (engine_)
        return *engine_;
    graphql::schema_builder schema;
    resource::add_shared_types(schema);
    add_types_(schema);
    return engine_.emplace(std::move(schema).build());
}

boost::json::value module_process::ask(std::string query, boost::json::object variables, idempotency::claim* claim) {
    auto operation = engine().prepare({.query = std::move(query), .operation_name = {}, .variables = std::move(variables)});
    if (!operation)
        return boost::json::parse(operation.error().body);
    graphql::context context_of_request{"request", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00"};
    context_of_request.claim = claim;
    return boost::json::parse(run(engine().execute(*std::move(operation), context_of_request)).body);
}

std::unique_ptr<graphql::response_stream> module_process::subscribe(std::string query) {
    const graphql::context context_of_request;
    auto stream = run(engine().subscribe(
        engine().prepare({.query = std::move(query), .operation_name = {}, .variables = {}}).value(), context_of_request));
    if (!stream)
        throw std::logic_error{stream.error().body};
    return *std::move(stream);
}

void module_process::publish(events::new_event e) {
    const auto owner = e.topic.substr(0, e.topic.find('.'));
    run(store(owner).write([&](storage::transaction& t) -> result<> {
        bus_->publish(t, e);
        return {};
    })).value();
}

std::vector<events::event> module_process::published(std::string_view topic) {
    return run(store("events").read([&](storage::snapshot& s) -> result<std::vector<events::event>> {
               std::vector<events::event> all;
               for (auto rows = s.query("SELECT seq, topic, key, traceparent, data, time FROM events_log "
                                        "WHERE ?1 = '' OR topic = ?1 ORDER BY seq",
                                        topic);
                    rows.next();) {
                   auto& e = all.emplace_back();
                   e.seq = {rows.integer(0)};
                   e.topic = rows.text(1);
                   e.key = rows.text(2);
                   e.traceparent = rows.text(3);
                   e.data = rows.text(4);
                   e.time = rows.time(5);
               }
               return all;
           }))
        .value();
}

std::size_t module_process::dead_letters() {
    return run(bus_->operations().list_dead_letters({}, {}, 1000)).value().items.size();
}

void module_process::retry_dead_letters() {
    (void)run(bus_->operations().retry({}, {})).value();
}

} // namespace atrium::support
