// Compares docs/metrics.md, docs/alerts.yml and docs/grafana-dashboard.json with the metrics of three processes, which together
// export every metric of the program. Two of them are connected by a broker. If a metric has changed, render the tables of
// docs/metrics.md again:
//
//     ATRIUM_RENDER=1 build/release/tests/monitoring/monitoring_test
//
// Then describe in the last column of each new row what an operator should do.
#include "exported_metrics.hpp"
#include "metrics_page.hpp"
#include "promql.hpp"

#include <support/catch.hpp>
#include <support/certificate_authority.hpp>
#include <support/python.hpp>
#include <support/raw_client.hpp>
#include <support/running_server.hpp>
#include <support/split_with_broker.hpp>
#include <support/tokens.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace atrium::monitoring {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using support::eventually;
using names = std::set<std::string>;

const fs::path repository = ATRIUM_SOURCE_FOLDER;

std::string contents(const fs::path& file) {
    std::ifstream input{file, std::ios::binary};
    std::ostringstream all;
    all << input.rdbuf();
    return all.str();
}

/// Adds the metrics of a process for users and a process for orders. Some metrics exist only after a certain event, such as a
/// malformed request. The function first causes each of these events.
void add_metrics_of_split(metrics& collected) {
    support::split_with_broker servers;
    servers.create_user("ann");
    servers.place_order("ann", "tea");
    eventually([&] { return servers.is_quiet(); });
    for (auto* server : {&servers.users_process(), &servers.orders_process()}) {
        server->http().write("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        CHECK(server->http().read().status == 400);
        std::string page;
        eventually([&] { // this metric exists only after the first search for old events
            page = server->http().get("/metrics").body;
            return page.find("atrium_events_archived") != std::string::npos;
        });
        add_exported(collected, page);
    }
    servers.stop();
}

/// Adds the metrics of a process with features that are disabled by default. The issuer of its JSON Web Tokens cannot be
/// reached.
void add_metrics_of_protected_process(metrics& collected) {
    support::certificate_authority authority;
    const auto files = authority.issue();
    support::running_server server{{"tls.certificate=" + files.certificate, "tls.key=" + files.key,
                                    "http.rate_limits.operate=1000", "auth.mode=jwt", "auth.jwt.issuer=https://issuer.example",
                                    "auth.jwt.audience=atrium", "auth.jwt.jwks=http://127.0.0.1:1/keys"}};
    const auto token = support::create_token(server.database(), "prometheus", {"metrics:read"});
    support::answer page;
    eventually([&] { // the server accepts a new token after a short time
        support::raw_client client{server.port(), support::tls_options{.trust = authority.file()}};
        client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        page = client.read_answer();
        return page.status == 200;
    });
    add_exported(collected, page.body);
    server.stop();
}

metrics read_exported() {
    metrics collected;
    add_metrics_of_split(collected);
    add_metrics_of_protected_process(collected);
    return collected;
}

const metrics& exported_metrics() {
    static const metrics all = read_exported();
    return all;
}

/// The different texts that the first group of the pattern matches.
names find_all(const std::string& text, const std::string& pattern) {
    const std::regex expression{pattern};
    names found;
    for (std::sregex_iterator match{text.begin(), text.end(), expression}, end; match != end; ++match)
        found.insert((*match)[1]);
    return found;
}

/// Checks that an expression uses only exported metrics and labels, and that the labels in `shown` are labels of these metrics.
void check_expression(const std::string& expression, const names& shown) {
    CAPTURE(expression);
    const auto used = read_expression(expression);
    names labels{"instance", "job"}; // Prometheus adds these to everything
    for (const auto& series : used.series) {
        CAPTURE(series);
        const auto* found = find_series(exported_metrics(), series);
        CHECK((found || series == "up"));
        if (found)
            labels.insert(found->labels.begin(), found->labels.end());
        if (series.ends_with("_bucket"))
            labels.insert("le");
    }
    CHECK_FALSE(used.series.empty());
    for (const auto* all : {&used.labels, &shown})
        for (const auto& label : *all) {
            CAPTURE(label);
            CHECK(labels.contains(label));
        }
}

/// The alerts of docs/alerts.yml.
json::array read_alerts() {
    const auto file = (repository / "docs/alerts.yml").string();
    const auto all = json::parse(support::run_python(
        "import json, sys, yaml\n"
        "print(json.dumps([rule for group in yaml.safe_load(open(sys.argv[1]))['groups'] for rule in group['rules']]))",
        {file}));
    return all.as_array();
}

std::string text(const json::value& value) {
    return json::value_to<std::string>(value);
}

/// All panels of a dashboard, including those in rows.
std::vector<json::object> panels_of(const json::array& panels) {
    std::vector<json::object> all;
    for (const auto& each : panels) {
        const auto& panel = each.as_object();
        if (panel.at("type") != "row")
            all.push_back(panel);
        else if (panel.contains("panels"))
            std::ranges::move(panels_of(panel.at("panels").as_array()), std::back_inserter(all));
    }
    return all;
}

} // namespace

TEST_CASE("docs/metrics.md lists every exported metric with its type, labels and meaning, and with what to do") {
    const auto file = repository / "docs/metrics.md";
    const auto rendered = render_page(contents(file), exported_metrics());
    if (std::getenv("ATRIUM_RENDER") != nullptr)
        std::ofstream{file, std::ios::binary} << rendered.text;
    INFO(file << " differs from what the program exports; run this test with ATRIUM_RENDER=1 to render it again");
    CHECK(contents(file) == rendered.text);
    CHECK(rendered.without_advice == std::vector<std::string>{});

    std::vector<std::string> all;
    for (const auto& [name, ignored] : exported_metrics())
        all.push_back(name);
    auto listed = rendered.listed;
    std::ranges::sort(listed);
    CHECK(listed == all); // each metric exactly once
}

TEST_CASE("every metric in the sources is exported by the processes of this test") {
    names in_sources;
    for (const auto* folder : {"src", "modules"})
        for (const auto& entry : fs::recursive_directory_iterator{repository / folder})
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
                for (const auto* pattern :
                     {R"re((?:counter|gauge|histogram)\(\s*"(atrium_\w+)")re", R"re("(atrium_\w+_total)")re"})
                    in_sources.merge(find_all(contents(entry.path()), pattern));
    names all;
    for (const auto& [name, ignored] : exported_metrics())
        all.insert(name);
    CHECK(in_sources == all);
}

TEST_CASE("the alerts in docs/alerts.yml use metrics and labels that are exported") {
    names alerts;
    for (const auto& each : read_alerts()) {
        const auto& rule = each.as_object();
        const auto name = text(rule.at("alert"));
        CAPTURE(name);
        CHECK(alerts.insert(name).second);
        CHECK(names{"critical", "warning"}.contains(text(rule.at("labels").at("severity"))));
        CHECK(rule.contains("for"));
        const auto texts = text(rule.at("annotations").at("summary")) + text(rule.at("annotations").at("description"));
        check_expression(text(rule.at("expr")), find_all(texts, R"(\$labels\.(\w+))"));
    }
    CHECK(alerts.size() > 10);
}

TEST_CASE("docs/grafana-dashboard.json uses metrics and labels that are exported") {
    const auto dashboard = json::parse(contents(repository / "docs/grafana-dashboard.json")).as_object();
    names variables;
    for (const auto& each : dashboard.at("templating").at("list").as_array()) {
        variables.insert(text(each.at("name")));
        if (each.at("type") != "query")
            continue;
        std::smatch parts;
        const auto query = text(each.at("query").at("query"));
        REQUIRE(std::regex_match(query, parts, std::regex{R"(label_values\((\w+), (\w+)\))"}));
        check_expression(parts[1], {parts[2]});
    }
    CHECK(variables == names{"datasource", "instance"});

    std::set<std::int64_t> ids;
    const auto panels = panels_of(dashboard.at("panels").as_array());
    for (const auto& panel : panels) {
        const auto title = text(panel.at("title"));
        CAPTURE(title);
        CHECK(ids.insert(panel.at("id").as_int64()).second);
        CHECK(panel.at("datasource").at("uid") == "${datasource}");
        for (const auto& target : panel.at("targets").as_array()) {
            const auto expression = text(target.at("expr"));
            CHECK(expression.find(R"(instance=~"$instance")") != std::string::npos);
            check_expression(expression, find_all(text(target.at("legendFormat")), R"(\{\{(\w+)\}\})"));
        }
    }
    CHECK(panels.size() > 10);
}

} // namespace atrium::monitoring
