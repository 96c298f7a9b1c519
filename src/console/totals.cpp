#include "totals.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace atrium::console {
namespace {

constexpr std::string_view requests_name = "atrium_http_requests_total";
constexpr std::string_view durations_name = "atrium_http_request_duration_seconds";
constexpr std::string_view connections_name = "atrium_http_connections";
constexpr std::string_view batches_name = "atrium_storage_batch_size";
constexpr std::string_view queue_name = "atrium_storage_queue_length";
constexpr std::string_view wal_name = "atrium_storage_wal_bytes";
constexpr std::string_view published_name = "atrium_events_published_total";
constexpr std::string_view deliveries_name = "atrium_events_deliveries_total";

constexpr std::array all_names{requests_name, durations_name, connections_name, batches_name,
                               queue_name,    wal_name,       published_name,   deliveries_name};

/// The value of the label with this name; empty if there is no such label.
std::string label_of(const metrics::reading& r, std::string_view name) {
    const auto found = std::ranges::find(r.series_labels, name, &metrics::labels::value_type::first);
    return found == r.series_labels.end() ? std::string{} : found->second;
}

/// Adds the counts of one series to `sum`. All series have the same bounds.
void add_buckets(std::vector<metrics::reading::bucket>& sum, const std::vector<metrics::reading::bucket>& more) {
    if (sum.empty()) {
        sum = more;
        return;
    }
    for (std::size_t i = 0; i < std::min(sum.size(), more.size()); ++i)
        sum[i].count += more[i].count;
}

void add_requests(totals& t, const metrics::reading& r) {
    const auto status = label_of(r, "status");
    t.requests += r.value;
    if (status.starts_with('4'))
        t.client_errors += r.value;
    if (status.starts_with('5'))
        t.server_errors += r.value;
    t.by_route[label_of(r, "method") + " " + label_of(r, "route")] += r.value;
}

void add_deliveries(totals& t, const metrics::reading& r) {
    const auto outcome = label_of(r, "outcome");
    if (outcome == "failed")
        t.failed += r.value;
    if (outcome != "handled")
        return;
    t.handled += r.value;
    t.by_subscription[label_of(r, "subscription")] += r.value;
}

void add(totals& t, const metrics::reading& r) {
    if (r.name == requests_name)
        add_requests(t, r);
    else if (r.name == durations_name)
        add_buckets(t.durations, r.buckets);
    else if (r.name == connections_name)
        t.connections += r.value;
    else if (r.name == queue_name)
        t.writer_queue += r.value;
    else if (r.name == wal_name)
        t.wal += r.value;
    else if (r.name == deliveries_name)
        add_deliveries(t, r);
    else if (r.name == batches_name) {
        t.commits += static_cast<double>(r.count);
        t.writes += r.value;
    } else if (r.name == published_name) {
        t.published += r.value;
        t.by_topic[label_of(r, "topic")] += r.value;
    }
}

/// The rates that are not 0.
std::map<std::string, double> rates_of(const std::map<std::string, double>& before, const std::map<std::string, double>& now,
                                       std::chrono::duration<double> elapsed) {
    std::map<std::string, double> found;
    for (const auto& [name, count] : now) {
        const auto earlier = before.find(name);
        const auto change = count - (earlier == before.end() ? 0 : earlier->second);
        if (change > 0)
            found.emplace(name, change / elapsed.count());
    }
    return found;
}

/// How many values each bucket alone has received between two moments. In the metrics, the count of a bucket includes the
/// counts of all buckets before it.
std::vector<double> counts_between(const std::vector<metrics::reading::bucket>& before,
                                   const std::vector<metrics::reading::bucket>& now) {
    std::vector<double> counts;
    double sum = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const auto earlier = i < before.size() ? before[i].count : 0;
        const auto up_to_here = static_cast<double>(now[i].count - std::min(now[i].count, earlier));
        counts.push_back(std::max(0.0, up_to_here - sum));
        sum = std::max(sum, up_to_here);
    }
    return counts;
}

} // namespace

totals read_totals(metrics::registry& registry) {
    totals t;
    for (const auto& each : registry.read(all_names))
        add(t, each);
    return t;
}

double quantile(const std::vector<metrics::reading::bucket>& before, const std::vector<metrics::reading::bucket>& now,
                double fraction) {
    const auto counts = counts_between(before, now);
    double observed = 0;
    for (const auto each : counts)
        observed += each;
    if (observed == 0)
        return std::numeric_limits<double>::quiet_NaN();
    double below = 0;
    double lower_bound = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto upper_bound = now[i].upper_bound;
        if (std::isinf(upper_bound))
            break;
        if (counts[i] > 0 && below + counts[i] >= fraction * observed)
            return lower_bound + (upper_bound - lower_bound) * (fraction * observed - below) / counts[i];
        below += counts[i];
        lower_bound = upper_bound;
    }
    return lower_bound;
}

sample difference(const totals& before, const totals& now, std::chrono::duration<double> elapsed) {
    const auto rate = [&](double totals::* member) { return (now.*member - before.*member) / elapsed.count(); };
    const auto commits = now.commits - before.commits;
    sample s;
    s[column::requests] = rate(&totals::requests);
    s[column::client_errors] = rate(&totals::client_errors);
    s[column::server_errors] = rate(&totals::server_errors);
    s[column::p50] = quantile(before.durations, now.durations, 0.5);
    s[column::p90] = quantile(before.durations, now.durations, 0.9);
    s[column::p99] = quantile(before.durations, now.durations, 0.99);
    s[column::commits] = rate(&totals::commits);
    s[column::batch] = commits > 0 ? (now.writes - before.writes) / commits : std::numeric_limits<double>::quiet_NaN();
    s[column::published] = rate(&totals::published);
    s[column::handled] = rate(&totals::handled);
    s[column::failed] = rate(&totals::failed);
    s[column::writer_queue] = now.writer_queue;
    s[column::wal] = now.wal;
    s[column::connections] = now.connections;
    return s;
}

rates rates_between(const totals& before, const totals& now, std::chrono::duration<double> elapsed) {
    return {.routes = rates_of(before.by_route, now.by_route, elapsed),
            .topics = rates_of(before.by_topic, now.by_topic, elapsed),
            .subscriptions = rates_of(before.by_subscription, now.by_subscription, elapsed)};
}

} // namespace atrium::console
