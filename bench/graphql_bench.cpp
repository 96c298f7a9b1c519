/// Measures each step of a GraphQL request: parsing, validating, planning, finding the result of these steps in the cache, and
/// executing. The schema is like Atrium's, with its rows in memory, so only the engine is measured. bench/run runs it.
///
/// Allocations are calls of operator new. Frames of coroutines are not included, because Asio keeps and reuses them.

#include "execution/planner.hpp"

#include <graphql/engine.hpp>
#include <graphql/introspection.hpp>
#include <graphql/parser.hpp>
#include <graphql/validation.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct allocation_count {
    std::size_t times = 0;
    std::size_t bytes = 0;
};
thread_local allocation_count thread_allocations;

void* allocate(std::size_t bytes, std::size_t alignment) {
    ++thread_allocations.times;
    thread_allocations.bytes += bytes;
    const auto rounded = (bytes + alignment - 1) / alignment * alignment; // the multiple that std::aligned_alloc requires
    if (void* place =
            alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? std::aligned_alloc(alignment, rounded) : std::malloc(bytes))
        return place;
    throw std::bad_alloc{};
}

} // namespace

void* operator new(std::size_t bytes) {
    return allocate(bytes, 1);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* place) noexcept {
    std::free(place);
}
void operator delete(void* place, std::size_t) noexcept {
    std::free(place);
}
void operator delete(void* place, std::align_val_t) noexcept {
    std::free(place);
}
void operator delete(void* place, std::size_t, std::align_val_t) noexcept {
    std::free(place);
}

namespace {

using namespace atrium;

constexpr auto query = "{allOrders(first:100){productName user{username}}}";

using user_id = id<struct user_tag>;
using order_id = id<struct order_tag>;
enum class order_status { placed, fulfilled, cancelled };

struct user {
    user_id id;
    std::string username;
    std::string email;
    std::int64_t order_count = 0;
    std::optional<timestamp> last_order_at{};
    std::int64_t revision = 1;
    timestamp created_at{};
    timestamp updated_at{};
};

struct order {
    order_id id;
    user_id user;
    std::string product_name;
    std::int64_t quantity = 1;
    order_status status = order_status::placed;
    std::int64_t revision = 1;
    timestamp created_at{};
    timestamp updated_at{};
};

/// 100 users and 1000 orders.
struct sample_data {
    std::vector<user> users;
    std::vector<order> orders;

    sample_data() {
        for (std::int64_t n = 0; n < 100; ++n) {
            const auto name = "seed-" + std::to_string(n);
            users.push_back({.id = {n + 1}, .username = name, .email = name + "@example.com"});
        }
        for (std::int64_t n = 0; n < 1000; ++n)
            orders.push_back({.id = {n + 1}, .user = {n % 100 + 1}, .product_name = "product " + std::to_string(n)});
    }
};

/// Checks which members are selected, as Atrium's modules do before they read the database. Here this only costs time, because
/// the rows are in memory and always complete.
void ask_for_columns_of_users(const graphql::selection& selected) {
    const bool selected_columns[] = {selected.reads(&user::username),    selected.reads(&user::email),
                                     selected.reads(&user::order_count), selected.reads(&user::last_order_at),
                                     selected.reads(&user::revision),    selected.reads(&user::created_at),
                                     selected.reads(&user::updated_at)};
    benchmark::DoNotOptimize(selected_columns);
}
void ask_for_columns_of_orders(const graphql::selection& selected) {
    const bool selected_columns[] = {selected.reads(&order::user),      selected.reads(&order::product_name),
                                     selected.reads(&order::quantity),  selected.reads(&order::status),
                                     selected.reads(&order::revision),  selected.reads(&order::created_at),
                                     selected.reads(&order::updated_at)};
    benchmark::DoNotOptimize(selected_columns);
}

void add_user(graphql::schema_builder& builder, const sample_data& s) {
    auto type = builder.object<user>("User", "A user.").implements("Node");
    type.key(&user::id, [&s](std::span<const user_id> ids, const graphql::load_call& call) -> awaitable<graphql::column<user>> {
        ask_for_columns_of_users(call.selection);
        std::vector<std::optional<user>> users;
        users.reserve(ids.size());
        for (const auto id : ids)
            users.emplace_back(s.users.at(static_cast<std::size_t>(id.value - 1)));
        co_return graphql::column<user>::of(std::move(users));
    });
    type.field("id: ID!", &user::id);
    type.field("username: String!", &user::username);
    type.field("email: String!", &user::email);
    type.field("orderCount: Int!", &user::order_count);
    type.field("lastOrderAt: DateTime", &user::last_order_at);
    type.field("revision: Int!", &user::revision);
    type.field("createdAt: DateTime!", &user::created_at);
    type.field("updatedAt: DateTime!", &user::updated_at);
}

void add_order(graphql::schema_builder& builder) {
    builder.enumeration<order_status>(
        "OrderStatus", {},
        {{order_status::placed, "PLACED"}, {order_status::fulfilled, "FULFILLED"}, {order_status::cancelled, "CANCELLED"}});
    auto type = builder.object<order>("Order", "An order of a user.").implements("Node");
    type.field("id: ID!", &order::id);
    type.field("user: User", &order::user);
    type.field("productName: String!", &order::product_name);
    type.field("quantity: Int!", &order::quantity);
    type.field("status: OrderStatus!", &order::status);
    type.field("revision: Int!", &order::revision);
    type.field("createdAt: DateTime!", &order::created_at);
    type.field("updatedAt: DateTime!", &order::updated_at);
}

graphql::executable_schema make_schema(const sample_data& s) {
    graphql::schema_builder b;
    b.define("interface Node { id: ID! }");
    graphql::add_introspection(b);
    graphql::add_date_time(b);
    add_user(b, s);
    add_order(b);
    b.query()
        .root("allOrders(first: Int = 100): [Order!]!",
              [&s](const graphql::field_call& call) -> awaitable<std::vector<order>> {
                  ask_for_columns_of_orders(call.selection);
                  co_return std::vector<order>{s.orders.begin(), s.orders.begin() + call.arguments.get<int>("first")};
              })
        .paged("first");
    b.query().root("allUsers(first: Int = 100): [User!]!",
                   [&s](const graphql::field_call& call) -> awaitable<std::vector<user>> {
                       ask_for_columns_of_users(call.selection);
                       co_return std::vector<user>{s.users.begin(), s.users.begin() + call.arguments.get<int>("first")};
                   });
    return std::move(b).build();
}

/// Reports the average number of allocations and bytes for each iteration of the benchmark while this object exists.
class allocation_counter {
public:
    explicit allocation_counter(benchmark::State& state) : state_{state}, before_{thread_allocations} {}
    allocation_counter(const allocation_counter&) = delete;
    allocation_counter& operator=(const allocation_counter&) = delete;
    ~allocation_counter() {
        const auto average = [](std::size_t n) {
            return benchmark::Counter{static_cast<double>(n), benchmark::Counter::kAvgIterations};
        };
        const allocation_count total = thread_allocations; // read before the counters themselves allocate
        state_.counters["allocations"] = average(total.times - before_.times);
        state_.counters["bytes"] = average(total.bytes - before_.bytes);
    }

private:
    benchmark::State& state_;
    allocation_count before_;
};

void parse(benchmark::State& state) {
    const allocation_counter counter{state};
    for (auto _ : state)
        benchmark::DoNotOptimize(graphql::parse(query));
}

void validate(benchmark::State& state) {
    const sample_data s;
    const auto schema = make_schema(s);
    const auto document = graphql::parse(query).value();
    const allocation_counter counter{state};
    for (auto _ : state)
        benchmark::DoNotOptimize(graphql::validate(schema.schema(), document));
}

void plan(benchmark::State& state) {
    const sample_data s;
    const auto schema = make_schema(s);
    const auto document = graphql::parse(query).value();
    const allocation_counter counter{state};
    for (auto _ : state) {
        const graphql::executable_document executable{document, schema.schema(), schema.bindings()};
        benchmark::DoNotOptimize(make_plan(executable, *executable.operation({}), {}));
    }
}

void prepare(benchmark::State& state) {
    const sample_data s;
    const graphql::engine engine{make_schema(s)};
    const graphql::request request{.query = query};
    static_cast<void>(engine.prepare(request).value());
    const allocation_counter counter{state};
    for (auto _ : state)
        benchmark::DoNotOptimize(engine.prepare(request));
}

awaitable<void> execute_on(const graphql::engine& engine, benchmark::State& state) {
    const auto operation = engine.prepare({.query = query}).value();
    const graphql::context context;
    if ((co_await engine.execute(operation, context)).has_errors)
        throw std::logic_error{"the query has errors"};
    const allocation_counter counter{state};
    for (auto _ : state)
        benchmark::DoNotOptimize(co_await engine.execute(operation, context));
}

void execute(benchmark::State& state) {
    const sample_data s;
    const graphql::engine engine{make_schema(s)};
    asio::io_context context{1};
    asio::co_spawn(context, execute_on(engine, state), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    context.run();
}

BENCHMARK(parse);
BENCHMARK(validate);
BENCHMARK(plan);
BENCHMARK(prepare)->Name("prepare, from the cache");
BENCHMARK(execute)->Name("execute: 100 orders with their users");

} // namespace

BENCHMARK_MAIN();
