#include "core/journal_operations.hpp"

#include "core/event_search.hpp"
#include "core/failure_group_list.hpp"
#include "core/filter_json.hpp"
#include "core/topic_list.hpp"

#include <base/json_writer.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace atrium::events {
namespace {

constexpr int max_events_examined = 2'000; // max number of events that one page examines, in about a millisecond
constexpr int max_letters_examined = 400;  // max number of dead letters that one page examines, unless its limit is higher
constexpr std::size_t max_replay_id = 100; // bytes

error no_subscription() {
    return {errc::not_found, "there is no such subscription"};
}

error no_dead_letter() {
    return {errc::not_found, "there is no such dead letter"};
}

bool is_json_object(std::string_view text) {
    boost::system::error_code malformed;
    const auto value = boost::json::parse(text, malformed);
    return !malformed && value.is_object();
}

result<> check(const new_event& e) {
    std::vector<fault> faults;
    if (!is_topic(e.topic))
        faults.push_back({"/topic", "must be at least two words of lower-case letters, digits and '_', separated by '.'"});
    if (e.key.empty())
        faults.push_back({"/key", "must not be empty"});
    if (e.priority < 0 || e.priority > 9)
        faults.push_back({"/priority", "must be from 0 to 9"});
    if (!is_json_object(e.data))
        faults.push_back({"/data", "must be a JSON object"});
    if (faults.empty())
        return {};
    return error{errc::invalid, "the event is invalid", std::move(faults)};
}

/// The event that reports an action on one event, dead letter or subscription. `add_details` adds members to its data.
template <class F>
new_event report_of(std::string_view topic, std::string key, const initiator& origin, F add_details) {
    std::string data;
    json_writer json{data};
    json.begin_object().key("who").value(origin.principal).key("reason").value(origin.reason);
    json.key("request_id").value(origin.request_id);
    add_details(json);
    json.end_object();
    return {.topic = std::string{topic},
            .key = std::move(key),
            .data = std::move(data),
            .traceparent = origin.traceparent,
            .request_id = origin.request_id};
}

template <class Id>
Id before_position(const std::optional<Id>& after) {
    return after.value_or(Id{std::numeric_limits<std::int64_t>::max()});
}

/// Makes a page of up to `limit` items. `found` was read with the limit `limit + 1`: if the additional row exists, there is a
/// next page.
template <class T, class Id>
list_page<T, Id> page_of(std::vector<T> found, int limit) {
    list_page<T, Id> page;
    const bool more = static_cast<int>(found.size()) > limit;
    if (more)
        found.resize(static_cast<std::size_t>(limit));
    if (more)
        page.next = found.back().id;
    page.items = std::move(found);
    return page;
}

} // namespace

awaitable<result<list_page<event, event_seq>>> journal_operations::list_events(event_filter filter, event_order order,
                                                                               std::optional<event_seq> after, int limit) {
    const event_search search{std::move(filter), order};
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<list_page<event, event_seq>> {
        const auto found = search.find(s, after, {.matches = limit, .examined = max_events_examined});
        list_page<event, event_seq> page;
        for (const auto seq : found.matches)
            if (auto e = table::find_event(s, seq))
                page.items.push_back(*std::move(e));
        if (found.more)
            page.next = found.reached;
        return page;
    });
}

awaitable<result<journey>> journal_operations::find_event(event_seq seq) {
    const auto process = parts_.process();
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<journey> {
        auto found = find_journey(s, process, seq);
        if (!found)
            return error{errc::not_found, "the journal does not hold this event"};
        return *std::move(found);
    });
}

awaitable<result<event_seq>> journal_operations::publish(new_event e, initiator origin) {
    if (auto checked = check(e); !checked)
        co_return checked.error();
    e.request_id = origin.request_id;
    if (e.traceparent.empty())
        e.traceparent = origin.traceparent;
    co_return co_await parts_.store.write([&](storage::transaction& t) -> result<event_seq> {
        const auto seq = parts_.journal.publish(t, e);
        parts_.journal.publish(
            t, report_of("operations.published", "event/" + std::to_string(seq.value), origin, [&](json_writer& json) {
                json.key("seq").value(seq.value).key("topic").value(e.topic).key("key").value(e.key);
            }));
        return seq;
    });
}

awaitable<result<std::vector<subscription_state>>> journal_operations::list_subscriptions() {
    const auto process = parts_.process();
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<std::vector<subscription_state>> {
        std::vector<subscription_state> all;
        for (const auto& row : table::subscriptions(s))
            all.push_back(describe_subscription(s, process, row, parts_.time.now()));
        std::ranges::sort(all, {}, &subscription_state::name);
        return all;
    });
}

awaitable<result<subscription_state>> journal_operations::find_subscription(std::string name) {
    const auto process = parts_.process();
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<subscription_state> {
        const auto row = table::find_subscription(s, name);
        if (!row)
            return no_subscription();
        return describe_subscription(s, process, *row, parts_.time.now());
    });
}

awaitable<result<>> journal_operations::pause(std::string subscription, initiator origin) {
    return set_paused(std::move(subscription), true, std::move(origin));
}

awaitable<result<>> journal_operations::resume(std::string subscription, initiator origin) {
    return set_paused(std::move(subscription), false, std::move(origin));
}

awaitable<result<>> journal_operations::set_paused(std::string subscription, bool paused, initiator origin) {
    co_return co_await parts_.store.write([&](storage::transaction& t) -> result<> {
        const auto row = table::find_subscription(t, subscription);
        if (!row)
            return no_subscription();
        if (!table::set_paused(t, row->id, paused))
            return {};
        parts_.journal.publish(t, report_of(paused ? "operations.paused" : "operations.resumed", row->name, origin,
                                            [&](json_writer& json) { json.key("subscription").value(row->name); }));
        parts_.journal.wake(t, row->id);
        return {};
    });
}

awaitable<result<list_page<dead_letter, std::string>>>
journal_operations::list_dead_letters(dead_letter_filter filter, std::optional<std::string> after, int limit) {
    if (auto checked = events::check(filter); !checked)
        co_return checked.error();
    const auto start = after ? parse_dead_letter_id(*after) : dead_letter_place{};
    if (!start)
        co_return error{errc::malformed, "the position is not the id of a dead letter"};
    const dead_letter_search search{std::move(filter)};
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<list_page<dead_letter, std::string>> {
        const auto found = search.find(s, *start, {.matches = limit, .examined = std::max(limit, max_letters_examined)});
        list_page<dead_letter, std::string> page;
        for (const auto& place : found.matches)
            if (auto letter = table::find_dead_letter(s, place))
                page.items.push_back(*std::move(letter));
        if (found.more)
            page.next = to_dead_letter_id(found.reached);
        return page;
    });
}

awaitable<result<dead_letter>> journal_operations::find_dead_letter(std::string id) {
    const auto place = parse_dead_letter_id(id);
    if (!place)
        co_return no_dead_letter();
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<dead_letter> {
        auto found = table::find_dead_letter(s, *place);
        if (!found)
            return no_dead_letter();
        return *std::move(found);
    });
}

awaitable<result<list_page<failure_group, failure_group_id>>>
journal_operations::list_failure_groups(dead_letter_filter filter, std::optional<failure_group_id> after, int limit) {
    if (!filter.ids.empty() || filter.key || filter.since || filter.until)
        co_return error{errc::invalid, "failure groups cannot be filtered by the ids, key or time of dead letters"};
    const failure_group_list list{std::move(filter)};
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<list_page<failure_group, failure_group_id>> {
        return list.find(s, after.value_or(failure_group_id{}), limit);
    });
}

awaitable<result<event_seq>> journal_operations::edit_dead_letter(std::string id, std::string data, initiator origin) {
    const auto place = parse_dead_letter_id(id);
    if (!place)
        co_return no_dead_letter();
    if (!is_json_object(data))
        co_return invalid_field("/data", "must be a JSON object");
    co_return co_await parts_.store.write(
        [&](storage::transaction& t) -> result<event_seq> { return replace(t, *place, data, origin); });
}

result<event_seq> journal_operations::replace(storage::transaction& t, const dead_letter_place& place, const std::string& data,
                                              const initiator& origin) {
    if (!table::find_dead_letter_row(t, place))
        return no_dead_letter();
    const auto original = table::find_event(t, place.seq);
    if (!original || original->topic == unreadable_topic || original->topic == lost_topic)
        return error{
            errc::conflict,
            "the event of this dead letter cannot be read or is lost, so it cannot be corrected; discard the dead letter"};
    const auto seq = parts_.journal.publish_correction(t, place, *original, data, origin);
    if (!table::archive_dead_letter(t, place,
                                    {.resolution = resolution::edited,
                                     .principal = origin.principal,
                                     .reason = origin.reason,
                                     .at = parts_.time.now(),
                                     .replacement = seq}))
        return no_dead_letter();
    const auto id = to_dead_letter_id(place);
    parts_.journal.publish(
        t, report_of("operations.edited", "dead_letter/" + id, origin, [&](json_writer& json) {
            json.key("dead_letter").value(id).key("seq").value(place.seq.value).key("replacement").value(seq.value);
        }));
    return seq;
}

awaitable<result<list_page<archived_letter, archived_letter_id>>>
journal_operations::list_archive(std::optional<archived_letter_id> after, int limit) {
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<list_page<archived_letter, archived_letter_id>> {
        return page_of<archived_letter, archived_letter_id>(table::archived_letters(s, before_position(after), limit + 1),
                                                            limit);
    });
}

// The arguments of awaited calls are named variables, because g++ 12 destroys some temporary objects of a co_await expression
// twice.

awaitable<result<std::int64_t>> journal_operations::count_dead_letters(dead_letter_filter filter) {
    if (auto checked = events::check(filter); !checked)
        co_return checked.error();
    auto text = to_json(filter);
    co_return co_await parts_.bulk.count(bulk_verb::retry, std::move(text));
}

awaitable<result<bulk_operation>> journal_operations::retry(dead_letter_filter filter, initiator origin) {
    if (auto checked = events::check(filter); !checked)
        co_return checked.error();
    bulk_driver::request request{
        .verb = bulk_verb::retry, .filter = to_json(filter), .replay = {}, .origin = std::move(origin)};
    co_return co_await parts_.bulk.start(std::move(request));
}

awaitable<result<bulk_operation>> journal_operations::discard(dead_letter_filter filter, initiator origin) {
    if (auto checked = events::check(filter); !checked)
        co_return checked.error();
    bulk_driver::request request{
        .verb = bulk_verb::discard, .filter = to_json(filter), .replay = {}, .origin = std::move(origin)};
    co_return co_await parts_.bulk.start(std::move(request));
}

awaitable<result<>> journal_operations::check_range(bulk_verb verb, const event_range& range) const {
    const auto process = parts_.process();
    if (verb == bulk_verb::resend && !process.has_broker)
        co_return bulk_driver::no_broker();
    if (is_outlet(range.subscription))
        co_return invalid_field("/subscription", "must be a subscription of a module");
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<> {
        if (!table::find_subscription(s, range.subscription))
            return no_subscription();
        return {};
    });
}

awaitable<result<std::int64_t>> journal_operations::count_replay(event_range range) {
    if (auto checked = co_await check_range(bulk_verb::replay, range); !checked)
        co_return checked.error();
    auto text = to_json(range);
    co_return co_await parts_.bulk.count(bulk_verb::replay, std::move(text));
}

awaitable<result<bulk_operation>> journal_operations::replay(event_range range, std::string replay, initiator origin) {
    if (replay.size() > max_replay_id)
        co_return invalid_field("/id", "must have at most " + std::to_string(max_replay_id) + " bytes");
    if (auto checked = co_await check_range(bulk_verb::replay, range); !checked)
        co_return checked.error();
    bulk_driver::request request{.verb = bulk_verb::replay,
                                 .filter = to_json(range),
                                 .replay = replay.empty() ? make_uuid_v7(parts_.time.now()) : std::move(replay),
                                 .origin = std::move(origin)};
    co_return co_await parts_.bulk.start(std::move(request));
}

awaitable<result<std::int64_t>> journal_operations::count_resend(event_range range) {
    if (auto checked = co_await check_range(bulk_verb::resend, range); !checked)
        co_return checked.error();
    auto text = to_json(range);
    co_return co_await parts_.bulk.count(bulk_verb::resend, std::move(text));
}

awaitable<result<bulk_operation>> journal_operations::resend(event_range range, initiator origin) {
    if (auto checked = co_await check_range(bulk_verb::resend, range); !checked)
        co_return checked.error();
    bulk_driver::request request{
        .verb = bulk_verb::resend, .filter = to_json(range), .replay = {}, .origin = std::move(origin)};
    co_return co_await parts_.bulk.start(std::move(request));
}

awaitable<result<bulk_operation>> journal_operations::find_operation(operation_id id) {
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<bulk_operation> {
        auto found = table::find_operation(s, id);
        if (!found)
            return error{errc::not_found, "there is no such operation"};
        return std::move(found->operation);
    });
}

awaitable<result<list_page<bulk_operation, operation_id>>>
journal_operations::list_operations(std::optional<operation_id> after, int limit) {
    co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<list_page<bulk_operation, operation_id>> {
        return page_of<bulk_operation, operation_id>(table::operations_before(s, before_position(after), limit + 1), limit);
    });
}

awaitable<result<bulk_operation>> journal_operations::cancel_operation(operation_id id) {
    co_return co_await parts_.bulk.cancel(id);
}

} // namespace atrium::events
