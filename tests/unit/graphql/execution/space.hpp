#pragma once

#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/ids.hpp>
#include <graphql/engine.hpp>
#include <graphql/schema_builder.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Sample data about people, robots and planets, with every kind of type, resolver and failure.
namespace atrium::graphql::space {

using human_id = id<struct human_tag>;
using robot_id = id<struct robot_tag>;
using planet_id = id<struct planet_tag>;
using character_id = std::variant<human_id, robot_id>;

enum class era { past, present, future };

struct human {
    human_id id;
    std::string name;
    std::vector<character_id> friends;
    std::vector<era> appears_in;
    std::optional<double> meters;
    std::optional<planet_id> home;
};

struct robot {
    robot_id id;
    std::string name;
    std::vector<character_id> friends;
    std::vector<era> appears_in;
    std::optional<std::string> purpose;
    human_id maker;
};

struct planet {
    planet_id id;
    std::string name;
    std::vector<std::vector<int>> grid;
    std::vector<character_id> residents;
    std::optional<raw_json> weather;
    std::optional<timestamp> discovered;
};

/// An object whose fields fail, each in a different way.
struct broken {};

struct review {
    std::int64_t stars = 0;
    std::string text;
    std::optional<std::vector<std::string>> tags;
};

/// Counts the calls of resolvers and the rows of each call, by the name of the resolver. Used by one thread.
struct calls {
    std::map<std::string, int> total;                     ///< number of calls
    std::map<std::string, std::vector<std::size_t>> rows; ///< number of rows in each call

    void note(const std::string& name, std::size_t row_count = 1) {
        ++total[name];
        rows[name].push_back(row_count);
    }
};

/// The schema of the sample data. `call_counts` must outlive the schema.
[[nodiscard]] schema_builder declare(calls& call_counts);

/// The JSON text of the response to a request, even if the request is refused.
[[nodiscard]] std::string ask(const engine& e, request r, context c = context{});

/// An engine for the sample schema, without introspection.
struct world {
    explicit world(limits allowed = {}) : sample_engine{declare(call_counts).build(), allowed} {}

    std::string ask(std::string query, boost::json::object variables = {}, std::optional<std::string> operation = {}) const {
        return space::ask(sample_engine, {std::move(query), std::move(operation), std::move(variables)});
    }

    calls call_counts;
    engine sample_engine;
};

} // namespace atrium::graphql::space
