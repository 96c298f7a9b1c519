#include "node.hpp"

#include <events/topic_pattern.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

using namespace atrium;
using namespace atrium::contract;

// Runs random scripts through both adapters: with both, the same events must be handled, in the same order within each key, and
// the same events must become dead letters. The environment variable ATRIUM_DIFFERENTIAL_SCRIPTS sets the number of scripts.
// ATRIUM_DIFFERENTIAL_SEED sets their seed, so that the scripts of an earlier run can be repeated.

namespace {

enum class handling { transactional, asynchronous };

struct scripted_subscription {
    std::string name;
    std::vector<std::string> topics;
    handling kind;
    bool comes_later; ///< whether its module runs only from the first restart on
};

struct scripted_publication {
    std::string topic;
    std::string key;
    std::vector<std::int64_t> numbers;
    int priority;
    int hours; ///< number of hours until the events are due; 0 for ordinary events
};

struct script {
    std::vector<scripted_subscription> subscriptions;
    std::vector<scripted_publication> publications;
    std::set<std::size_t> restarts; ///< indexes of publications that follow a restart
    std::set<std::size_t> jumps;    ///< indexes of publications before which an hour passes
    std::uint32_t failure_seed;     ///< the seed that decides which runs of handlers fail
};

struct outcome {
    /// Numbers in the order of handling, by subscription and key.
    std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> handled;
    /// Dead letters: subscription, topic and data.
    std::set<std::tuple<std::string, std::string, std::string>> dead;
    bool operator==(const outcome&) const = default;
};

std::uint32_t number_from_environment(const char* name, std::uint32_t default_number) {
    const char* text = std::getenv(name);
    std::uint32_t number = default_number;
    if (text)
        std::from_chars(text, text + std::string_view{text}.size(), number);
    return number;
}

constexpr int max_hours = 3;

/// Writes random scripts.
class author {
public:
    explicit author(std::uint32_t seed) : dice_{seed} {}

    script write() {
        script s{.subscriptions = {},
                 .publications = {},
                 .restarts = {},
                 .jumps = {},
                 .failure_seed = static_cast<std::uint32_t>(dice_())};
        const auto subscriptions = 2 + below(3);
        for (std::size_t i = 0; i < subscriptions; ++i)
            s.subscriptions.push_back({.name = "probe.number_" + std::to_string(i),
                                       .topics = patterns(),
                                       .kind = below(2) == 0 ? handling::transactional : handling::asynchronous,
                                       .comes_later = i > 0 && below(4) == 0});
        std::int64_t number = 0;
        const auto publications = 30 + below(50);
        for (std::size_t i = 0; i < publications; ++i) {
            auto& p = s.publications.emplace_back();
            p.topic = words({"a", "b", "c"}, 2 + below(3));
            p.key = "key/" + std::to_string(below(6));
            p.priority = static_cast<int>(below(10));
            p.hours = below(4) == 0 ? static_cast<int>(1 + below(max_hours)) : 0;
            for (auto count = 1 + below(5); count > 0; --count)
                p.numbers.push_back(++number);
        }
        s.restarts.insert(1 + below(publications - 1));
        if (below(2) == 0)
            s.restarts.insert(1 + below(publications - 1));
        for (int i = 0; i < 2; ++i)
            s.jumps.insert(1 + below(publications - 1));
        return s;
    }

private:
    std::size_t below(std::size_t end) { return dice_() % end; }

    std::string words(const std::vector<std::string>& vocabulary, std::size_t count) {
        std::string text;
        for (; count > 0; --count)
            text.append(text.empty() ? "" : ".").append(vocabulary[below(vocabulary.size())]);
        return text;
    }

    std::vector<std::string> patterns() {
        std::vector<std::string> some;
        for (auto count = 1 + below(3); count > 0; --count)
            some.push_back(words({"a", "b", "c", "*", "#"}, 1 + below(4)));
        return some;
    }

    std::mt19937 dice_;
};

/// How often the handler of a subscription fails for an event: never for most events, twice for some, on every attempt for a
/// few.
int failures_of(const script& s, std::string_view subscription, const std::string& data) {
    std::seed_seq mixed{s.failure_seed, static_cast<std::uint32_t>(subscription.back()),
                        static_cast<std::uint32_t>(std::hash<std::string>{}(data))};
    std::mt19937 dice{mixed};
    const auto luck = dice() % 100;
    if (luck < 5)
        return node::quick_settings().retry.attempts;
    return luck < 20 ? node::quick_settings().retry.attempts - 1 : 0;
}

/// Decides which runs of handlers fail. Its counts of failures continue after a restart.
class failure_plan {
public:
    explicit failure_plan(const script& s) : script_{s} {}

    /// Counts a run of the handler, and returns whether it fails.
    bool next_run_fails(const std::string& subscription, const std::string& data) {
        const auto scripted_failures = failures_of(script_, subscription, data);
        if (scripted_failures >= node::quick_settings().retry.attempts)
            return true; // every attempt fails, even after a restart
        const std::lock_guard lock{mutex_};
        return failure_counts_[{subscription, data}]++ < scripted_failures;
    }

private:
    const script& script_;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, int> failure_counts_;
};

void subscribe(node& n, const scripted_subscription& s, failure_plan& failures) {
    const auto name = s.name;
    const events::subscription declared{.name = name, .topics = s.topics};
    if (s.kind == handling::transactional)
        n.bus().subscribe(declared, [&failures, name](storage::transaction& t, const events::event& e) -> result<> {
            node::write_note(t, name, e); // undone if the handler fails
            if (failures.next_run_fails(name, e.data))
                return error{errc::conflict, "as scripted"};
            return {};
        });
    else
        n.bus().subscribe(declared, [&failures, name](events::delivery d) -> awaitable<result<>> {
            if (failures.next_run_fails(name, d.event().data))
                co_return error{errc::conflict, "as scripted"};
            co_return co_await d.complete([&](storage::transaction& t) -> result<> {
                node::write_note(t, name, d.event());
                return {};
            });
        });
}

std::unique_ptr<node> start(const script& s, const temporary_directory& folder, const adapter_maker& make,
                            const wrong_clock& time, failure_plan& failures, bool is_restarted) {
    auto n = std::make_unique<node>(folder.path(), node::quick_settings(), make, time);
    for (const auto& each : s.subscriptions)
        if (each.comes_later && !is_restarted)
            n->bus().declare({.name = each.name, .topics = each.topics});
        else
            subscribe(*n, each, failures);
    n->start();
    return n;
}

/// The clock of a script. Its first hour began half an hour before the test, and no test runs for half an hour. So the hour
/// changes only in `pass_hour`, and all events of an hour are due at the same moment.
class scripted_day {
public:
    [[nodiscard]] std::optional<timestamp> in_hours(int hours) const {
        return hours == 0 ? std::nullopt : std::optional{start_ + std::chrono::hours{passed_ + hours}};
    }
    /// Lets an hour pass, and waits until the events that have become due have their deliveries.
    void pass_hour(node& n) {
        ++passed_;
        time.offset = std::chrono::hours{passed_};
        const auto is_done = [&] {
            return run(n.journal().read([&](storage::snapshot& s) -> result<bool> {
                       return !s.query_integer("SELECT 1 FROM events_scheduled WHERE due <= ?1", time.now());
                   }))
                .value();
        };
        eventually(is_done);
    }

    wrong_clock time{std::chrono::milliseconds{0}};

private:
    const timestamp start_ = system_clock{}.now() - std::chrono::minutes{30};
    int passed_ = 0;
};

outcome play(const script& s, const adapter_maker& make) {
    const temporary_directory folder;
    failure_plan failures{s};
    scripted_day day;
    auto n = start(s, folder, make, day.time, failures, false);
    for (std::size_t i = 0; i < s.publications.size(); ++i) {
        if (s.restarts.contains(i)) {
            n.reset();
            n = start(s, folder, make, day.time, failures, true);
        }
        if (s.jumps.contains(i))
            day.pass_hour(*n);
        const auto& p = s.publications[i];
        n->publish(p.topic, p.key, p.numbers, p.priority, day.in_hours(p.hours));
    }
    for (int i = 0; i < max_hours; ++i)
        day.pass_hour(*n);
    n->settle();

    outcome result;
    for (const auto& note : n->notes())
        result.handled[{note.subscription, note.key}].push_back(note.number);
    for (const auto& dead : n->dead_letters()) {
        CHECK(dead.attempts == node::quick_settings().retry.attempts);
        CHECK(dead.last_error == "as scripted");
        CHECK(result.dead.emplace(dead.subscription, dead.event.topic, dead.event.data).second);
    }
    return result;
}

/// The publications in the order in which their events get deliveries: scheduled ones when they are due, by due time.
std::vector<scripted_publication> in_order_of_delivery(const script& s) {
    std::vector<scripted_publication> ordered;
    std::multimap<int, scripted_publication> scheduled; ///< by due hour
    const auto deliver_until = [&](int hour) {
        for (; !scheduled.empty() && scheduled.begin()->first <= hour; scheduled.erase(scheduled.begin()))
            ordered.push_back(scheduled.begin()->second);
    };
    int hour = 0;
    for (std::size_t i = 0; i < s.publications.size(); ++i) {
        if (s.jumps.contains(i))
            deliver_until(++hour);
        const auto& p = s.publications[i];
        if (p.hours == 0)
            ordered.push_back(p);
        else
            scheduled.emplace(hour + p.hours, p);
    }
    deliver_until(hour + max_hours);
    return ordered;
}

/// The outcome that the promises require for the script.
outcome promised_outcome(const script& s) {
    outcome all;
    for (const auto& receiver : s.subscriptions)
        for (const auto& p : in_order_of_delivery(s)) {
            const auto wants = [&](const auto& topic) { return events::topic_pattern{topic}.matches(p.topic); };
            if (std::ranges::none_of(receiver.topics, wants))
                continue;
            for (const auto number : p.numbers)
                if (failures_of(s, receiver.name, node::data(number)) < node::quick_settings().retry.attempts)
                    all.handled[{receiver.name, p.key}].push_back(number);
                else
                    all.dead.emplace(receiver.name, p.topic, node::data(number));
        }
    return all;
}

std::string text_of(const script& s) {
    std::ostringstream text;
    for (const auto& each : s.subscriptions) {
        text << each.name << (each.kind == handling::transactional ? " (transactional" : " (asynchronous")
             << (each.comes_later ? ", later):" : "):");
        for (const auto& topic : each.topics)
            text << ' ' << topic;
        text << '\n';
    }
    for (std::size_t i = 0; i < s.publications.size(); ++i) {
        const auto& p = s.publications[i];
        text << (s.restarts.contains(i) ? "restart\n" : "") << (s.jumps.contains(i) ? "an hour passes\n" : "") << p.topic << ' '
             << p.key << ' ' << p.numbers.front() << '-' << p.numbers.back();
        if (p.hours > 0)
            text << " in " << p.hours << " h";
        text << '\n';
    }
    return text.str();
}

/// Lists the results in `one` that are missing in `other`, or have another order there.
std::string difference(const outcome& one, const outcome& other) {
    std::ostringstream text;
    for (const auto& [handler_and_key, numbers] : one.handled) {
        const auto found = other.handled.find(handler_and_key);
        if (found != other.handled.end() && found->second == numbers)
            continue;
        text << handler_and_key.first << ' ' << handler_and_key.second << ':';
        for (const auto number : numbers)
            text << ' ' << number;
        text << '\n';
    }
    for (const auto& letter : one.dead)
        if (!other.dead.contains(letter))
            text << "dead: " << std::get<0>(letter) << ' ' << std::get<2>(letter) << '\n';
    return text.str();
}

} // namespace

TEST_CASE("random scripts have the promised outcome both in-process and through RabbitMQ", "[differential]") {
    const auto seed = number_from_environment("ATRIUM_DIFFERENTIAL_SEED", std::random_device{}());
    const auto scripts = number_from_environment("ATRIUM_DIFFERENTIAL_SCRIPTS", 6);
    std::size_t handled = 0;
    std::size_t dead = 0;
    for (std::uint32_t i = 0; i < scripts; ++i) {
        const auto s = author{seed + i}.write();
        INFO("ATRIUM_DIFFERENTIAL_SEED=" << seed + i << '\n' << text_of(s));
        const auto local = play(s, in_process);
        const auto brokered = play(s, contract::rabbitmq);
        const auto expected = promised_outcome(s);
        INFO("only in-process:\n" << difference(local, brokered) << "only through RabbitMQ:\n" << difference(brokered, local));
        INFO("promised:\n" << difference(expected, brokered) << difference(expected, local));
        CHECK(local == brokered);
        CHECK(local == expected);
        for (const auto& [handler_and_key, numbers] : expected.handled)
            handled += numbers.size();
        dead += expected.dead.size();
    }
    WARN(scripts << " scripts from seed " << seed << ": " << handled << " deliveries handled, " << dead << " dead letters");
}
