#include "space.hpp"

#include <support/run.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

namespace atrium::graphql::space {
namespace {

const std::vector<human>& humans() {
    static const std::vector<human> all{
        {{1}, "Ada", {human_id{2}, robot_id{1}}, {era::past, era::present}, 1.5, planet_id{1}},
        {{2}, "Bo", {human_id{1}, robot_id{1}, robot_id{2}}, {era::present}, std::nullopt, planet_id{2}},
        {{3}, "Cleo", {}, {}, 2.0, std::nullopt},
    };
    return all;
}

const std::vector<robot>& robots() {
    static const std::vector<robot> all{
        {{1}, "Rust", {human_id{1}}, {era::future}, "to \"weld\"", {1}},
        {{2}, "Tin", {robot_id{1}, human_id{9}}, {era::future, era::past}, std::nullopt, {9}}, // there is no human 9
    };
    return all;
}

const std::vector<planet>& planets() {
    static const std::vector<planet> all{
        {{1},
         "Mars",
         {{1, 2}, {}, {3}},
         {human_id{1}, robot_id{1}, robot_id{2}},
         raw_json{R"({"wind":[1,2.5,null]})"},
         timestamp{}},
        {{2}, "Pluto", {}, {human_id{2}}, std::nullopt, std::nullopt},
    };
    return all;
}

template <class Row, class Id>
std::optional<Row> find(const std::vector<Row>& rows, Id key) {
    const auto found = std::ranges::find(rows, key, &Row::id);
    return found == rows.end() ? std::nullopt : std::optional{*found};
}

template <class Row, class Id>
auto make_loader(const std::vector<Row>& stored_rows, calls& call_counts, std::string name) {
    return [&stored_rows, &call_counts, name](std::span<const Id> ids) -> awaitable<column<Row>> {
        call_counts.note(name, ids.size());
        column<Row> rows;
        for (const auto key : ids)
            rows.add(find(stored_rows, key));
        co_return rows;
    };
}

std::vector<character_id> find_characters(std::string_view text) {
    std::vector<character_id> found;
    for (const auto& one : humans())
        if (one.name.find(text) != std::string::npos)
            found.emplace_back(one.id);
    for (const auto& one : robots())
        if (one.name.find(text) != std::string::npos)
            found.emplace_back(one.id);
    return found;
}

constexpr auto definitions = R"(
"Somebody."
interface Character {
    id: ID!
    name: String!
    friends: [Character]!
    appearsIn: [Era!]!
}
union Found = Human | Robot | Planet
enum LengthUnit { METER FOOT }
input PlaceInput @oneOf { id: ID, name: String }
input ReviewInput { stars: Int!, text: String = "none", tags: [String!], place: PlaceInput, era: Era }
)";

void add_characters(schema_builder& b, calls& call_counts) {
    b.enumeration<era>("Era", "When.", {{era::past, "PAST", "Long ago."}, {era::present, "PRESENT"}, {era::future, "FUTURE"}});

    auto h = b.object<human>("Human", "Of flesh.").implements("Character");
    h.field("id: ID!", &human::id);
    h.field("name: String!", "How it is called.", &human::name);
    h.field("friends: [Character]!", &human::friends);
    h.field("appearsIn: [Era!]!", &human::appears_in);
    h.row("height(unit: LengthUnit = METER): Float", [](const human& one, const field_call& call) {
        const double factor = call.arguments.get<std::optional<std::string>>("unit") == "FOOT" ? 3.25 : 1.0;
        return one.meters ? std::optional{*one.meters * factor} : std::nullopt;
    });
    h.field("home: Planet", &human::home);
    h.key(&human::id, make_loader<human, human_id>(humans(), call_counts, "load humans"));

    auto r = b.object<robot>("Robot").implements("Character");
    r.field("id: ID!", &robot::id);
    r.field("name: String!", &robot::name);
    r.field("friends: [Character]!", &robot::friends);
    r.field("appearsIn: [Era!]!", &robot::appears_in);
    r.field("purpose: String", &robot::purpose);
    r.field("maker: Human!", &robot::maker);
    r.key(&robot::id, make_loader<robot, robot_id>(robots(), call_counts, "load robots"));

    // Fields of another module, which has only the key of a human.
    auto extension = b.extend<human_id>("Human");
    extension.batch("luck: Int!", [&call_counts](std::span<const human_id> ids) -> awaitable<column<std::int64_t>> {
        call_counts.note("luck", ids.size());
        column<std::int64_t> all;
        for (const auto one : ids)
            all.add(one.value * 7);
        co_return all;
    });
    extension.field("number: Int!", &human_id::value);
}

void add_planets(schema_builder& b, calls& call_counts) {
    auto p = b.object<planet>("Planet");
    p.field("id: ID!", &planet::id);
    p.field("name: String!", &planet::name);
    p.field("grid: [[Int!]!]!", &planet::grid);
    p.field("weather: JSON", &planet::weather);
    p.field("discovered: DateTime", &planet::discovered);
    p.batch(
         "residents(first: Int = 2): [Character!]!",
         [&call_counts](std::span<const planet> rows, const field_call& call) -> awaitable<column<std::vector<character_id>>> {
             call_counts.note("residents", rows.size());
             column<std::vector<character_id>> all;
             for (const auto& one : rows) {
                 const auto first = std::min(one.residents.size(), call.arguments.get<std::size_t>("first"));
                 all.add(std::vector(one.residents.begin(), one.residents.begin() + static_cast<std::ptrdiff_t>(first)));
             }
             co_return all;
         })
        .paged("first");
    p.key(&planet::id, make_loader<planet, planet_id>(planets(), call_counts, "load planets"));
}

void add_broken(schema_builder& b) {
    auto x = b.object<broken>("Broken");
    const auto self = [](const broken& object) -> const broken& { return object; };
    const auto nothing = [](std::span<const broken> rows) -> awaitable<column<int>> {
        column<int> all;
        for (std::size_t i = 0; i < rows.size(); ++i)
            all.add_null();
        co_return all;
    };
    const auto refuses = [](const broken&) -> result<int> { return error{errc::conflict, "taken"}; };
    const auto some_fail = [](const broken&) {
        return std::vector<result<int>>{1, error{errc::not_found, "no two"}, 3, error{errc::not_found, "no four"}};
    };
    x.row("fine: Int!", [](const broken&) { return 1; });
    x.batch("null: Int", nothing);
    x.batch("nullInNonNull: Int!", nothing);
    x.row("error: Int", refuses);
    x.row("errorInNonNull: Int!", refuses);
    x.row("throws: Int", [](const broken&) -> int { throw std::runtime_error{"SELECT secret"}; });
    x.batch("throwsLater: Int!", [](std::span<const broken>) -> awaitable<column<int>> {
        throw std::runtime_error{"SELECT secret"};
        co_return column<int>{};
    });
    x.row("big: Int", [](const broken&) { return std::int64_t{5'000'000'000}; });
    x.row("infinite: Float", [](const broken&) { return std::numeric_limits<double>::infinity(); });
    x.row("nan: Float!", [](const broken&) { return std::nan(""); });
    x.row("list: [Int]", some_fail);
    x.row("listOfNonNull: [Int!]", some_fail);
    x.row("nonNullListOfNonNull: [Int!]!", some_fail);
    x.row("lists: [[Int!]]!", [some_fail](const broken& object) { return std::vector{some_fail(object), {}}; });
    x.row("child: Broken", self);
    x.row("nonNullChild: Broken!", self);
    x.row("children: [Broken]!", [](const broken&) { return std::vector<broken>(2); });
    x.row("nonNullChildren: [Broken!]", [](const broken&) { return std::vector<broken>(2); });
    x.row("needs(what: Int!): Int", [](const broken&, const field_call& call) { return call.arguments.get<int>("what"); });
    x.row("faulty: Int", [](const broken&) -> result<int> { return invalid_field("/stars", "must be at most 5"); });
    b.query().root("broken: Broken", [] { return broken{}; });
    b.query().root("nonNullBroken: Broken!", []() -> awaitable<broken> { co_return broken{}; });
}

void add_queries(schema_builder& b, calls& call_counts) {
    auto q = b.query();
    q.root("human(id: ID!): Human", [](const field_call& call) -> std::optional<human_id> {
        const auto key = parse_id(call.arguments.get<std::string_view>("id"));
        return key ? std::optional{human_id{*key}} : std::nullopt;
    });
    q.root("character(type: String!, id: ID!): Character", [](const field_call& call) {
        return reference{call.arguments.get<std::string>("type"), call.arguments.get<std::string>("id")};
    });
    q.root("characters(like: String!): [Character!]!",
           [&call_counts](const field_call& call) -> awaitable<std::vector<character_id>> {
               call_counts.note("characters");
               co_return find_characters(call.arguments.get<std::string_view>("like"));
           });
    q.root("search(text: String!): [Found!]!",
           [](const field_call& call) -> awaitable<result<std::vector<std::variant<human, robot, planet>>>> {
               const auto text = call.arguments.get<std::string_view>("text");
               if (text.empty())
                   co_return invalid_field("/text", "must not be empty");
               std::vector<std::variant<human, robot, planet>> found;
               const auto add_matches = [&](const auto& rows) {
                   for (const auto& one : rows)
                       if (one.name.find(text) != std::string::npos)
                           found.emplace_back(one);
               };
               add_matches(humans());
               add_matches(robots());
               add_matches(planets());
               co_return found;
           });
    q.root("planets(first: Int = 10, last: Int): [Planet!]!", [&call_counts]() -> awaitable<std::vector<planet>> {
         call_counts.note("planets");
         co_return planets();
     }).paged("first", "last", 10);
    q.root("echo(int: Int = 3, float: Float, text: String, flag: Boolean, id: ID, list: [[Int]], review: ReviewInput, "
           "era: Era = PAST, when: DateTime, json: JSON): JSON!",
           [](const field_call& call) { return raw_json{boost::json::serialize(call.arguments.values())}; });
    q.root("eras(of: [Era!]): [Era!]!", [](const field_call& call) {
        return call.arguments.get<std::optional<std::vector<era>>>("of").value_or(std::vector{era::future});
    });
}

class counter final : public event_source<std::int64_t> {
public:
    explicit counter(std::int64_t last) : last_{last} {}
    awaitable<result<std::optional<std::int64_t>>> next() override {
        if (position_ == 13)
            co_return error{errc::unavailable, "no luck"};
        if (position_ == 17)
            throw std::runtime_error{"SELECT secret"};
        co_return position_ < last_ ? std::optional{++position_} : std::nullopt;
    }

private:
    std::int64_t position_ = 0;
    std::int64_t last_;
};

class visitors final : public event_source<human_id> {
public:
    awaitable<result<std::optional<human_id>>> next() override {
        co_return ++position_ <= 3 ? std::optional{human_id{position_ == 2 ? 9 : position_}}
                                   : std::nullopt; // there is no human 9
    }

private:
    std::int64_t position_ = 0;
};

void add_changes(schema_builder& b, calls& call_counts) {
    auto r = b.object<review>("Review");
    r.field("stars: Int!", &review::stars);
    r.field("text: String", &review::text);
    r.field("tags: [String!]", &review::tags);

    auto m = b.mutation();
    m.root("addReview(planet: ID!, review: ReviewInput!): Review!", [](const field_call& call) -> awaitable<result<review>> {
        const auto input = call.arguments.get<arguments>("review");
        if (input.get<int>("stars") > 5)
            co_return invalid_field("/stars", "must be at most 5");
        co_return review{input.get<int>("stars"), input.get<std::string>("text"),
                         input.get<std::optional<std::vector<std::string>>>("tags")};
    });
    m.root("step(by: Int! = 1): Int!", [&call_counts](const field_call& call) -> awaitable<int> {
        call_counts.note("step");
        co_return call_counts.total["step"] * call.arguments.get<int>("by");
    });
    m.root("fail: Int", []() -> awaitable<result<int>> { co_return error{errc::conflict, "failed"}; });
    m.root("failNonNull: Int!", []() -> awaitable<result<int>> { co_return error{errc::conflict, "failed hard"}; });

    auto s = b.subscription();
    s.stream("counted(to: Int!): Int!",
             [](const field_call& call) -> awaitable<result<std::unique_ptr<event_source<std::int64_t>>>> {
                 if (call.arguments.get<int>("to") < 0)
                     co_return error{errc::invalid, "only upwards"};
                 co_return std::make_unique<counter>(call.arguments.get<int>("to"));
             });
    s.stream("visited: Human",
             []() -> awaitable<result<std::unique_ptr<event_source<human_id>>>> { co_return std::make_unique<visitors>(); });
}

} // namespace

schema_builder declare(calls& call_counts) {
    schema_builder b;
    b.define(definitions);
    add_date_time(b);
    add_json(b);
    add_characters(b, call_counts);
    add_planets(b, call_counts);
    add_broken(b);
    add_queries(b, call_counts);
    add_changes(b, call_counts);
    return b;
}

std::string ask(const engine& e, request r, context c) {
    auto ready = e.prepare(r);
    if (!ready)
        return ready.error().body;
    return support::run(e.execute(*std::move(ready), std::move(c))).body;
}

} // namespace atrium::graphql::space
