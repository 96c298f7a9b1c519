#include "exported_metrics.hpp"
#include "promql.hpp"

#include <support/catch.hpp>

namespace atrium::monitoring {

TEST_CASE("read_expression finds the series and the labels that a PromQL expression uses") {
    using names = std::set<std::string>;
    CHECK(read_expression("up == 0").series == names{"up"});
    CHECK(read_expression(R"(atrium_events_pending{subscription!~"a,{b}",instance=~"$instance"} > 1e3)") ==
          expression_names{{"atrium_events_pending"}, {"subscription", "instance"}});
    CHECK(read_expression("sum by (instance, reason) (rate(a_total[$__rate_interval])) / on (instance) group_left b") ==
          expression_names{{"a_total", "b"}, {"instance", "reason"}});
    CHECK(read_expression("histogram_quantile(0.99, sum(rate(a_bucket[5m])) by (le)) and c unless d offset 5m") ==
          expression_names{{"a_bucket", "c", "d"}, {"le"}});
}

TEST_CASE("a PromQL expression with an unknown function or sign, or without a closing bracket or quote, is an error") {
    for (const auto* wrong : {"rte(a[5m])", "a{b=\"c\"", "a{b=\"c}", "a # b", "a[5m", "sum by (b"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(read_expression(wrong), std::runtime_error);
    }
}

TEST_CASE("add_exported reads the types, descriptions and labels of metrics from the Prometheus text format") {
    metrics all;
    add_exported(all,
                 "# HELP a_total All, \"b\"\n# TYPE a_total counter\na_total{b=\"x\\\"},y\",c=\"\"} 1\na_total{d=\"1\"} 2\n"
                 "# HELP e Time\n# TYPE e histogram\ne_bucket{f=\"1\",le=\"+Inf\"} 1\ne_sum{f=\"1\"} 1\n");
    add_exported(all, "# HELP a_total All, \"b\"\n# TYPE a_total counter\na_total{g=\"1\"} 1\n");
    CHECK(all == metrics{{"a_total", {"counter", "All, \"b\"", {"b", "c", "d", "g"}}}, {"e", {"histogram", "Time", {"f"}}}});
    CHECK_THROWS_AS(add_exported(all, "# HELP e Other\n# TYPE e histogram\n"), std::runtime_error);
    CHECK_THROWS_AS(add_exported(all = {}, "e 1\n"), std::runtime_error);
}

TEST_CASE("a histogram has series for its buckets, its sum and its count") {
    const metrics all{{"a", {"histogram", "", {}}}, {"b_count", {"gauge", "", {}}}, {"c", {"gauge", "", {}}}};
    for (const auto* series : {"a_bucket", "a_sum", "a_count", "b_count", "c"})
        CHECK(find_series(all, series) != nullptr);
    for (const auto* series : {"a", "a_total", "c_sum", "d"})
        CHECK(find_series(all, series) == nullptr);
}

} // namespace atrium::monitoring
