#include "core/number_receiver.hpp"

#include <algorithm>

namespace atrium::events {
namespace {

constexpr int page = 1'000; // max number of ranges in memory

delivery_number before(delivery_number n) {
    return {n.value - 1};
}

delivery_number after(delivery_number n) {
    return {n.value + 1};
}

} // namespace

bool number_receiver::receive(const std::string& publisher, delivery_number number, bool is_repeated) {
    auto& p = progress_of(publisher);
    if (number < p.row.next) {
        const auto found = remove_missing(publisher, {number, number});
        if (is_repeated) // so the event was missing, even if no report has confirmed this yet
            changes_.noticed += found.events - found.noticed;
        changes_.recovered += is_repeated ? found.events : found.noticed;
        return false;
    }
    const bool has_skipped = number > p.row.next;
    advance(p, number);
    p.row.next = after(number);
    return has_skipped;
}

void number_receiver::receive_report(const number_report& report) {
    const auto identity = table::find_identity(transaction_);
    if (!identity || identity->receiver != report.receiver)
        return; // the report is for another process
    auto& p = progress_of(report.publisher);
    begin_at(p, report);
    advance(p, report.confirmed);
    for (const auto& range : report.unavailable)
        give_up(report.publisher, {range.first, std::min(range.last, before(report.confirmed))});
    notice(report.publisher, {*p.row.since, before(report.confirmed)});
    if (!report.former_publisher.empty())
        forget(report.former_publisher);
}

void number_receiver::save() {
    for (auto& [publisher, p] : progress_)
        if (std::exchange(p.is_changed, false))
            table::set_received_number(transaction_, subscription_, p.row);
}

number_receiver::progress& number_receiver::progress_of(const std::string& publisher) {
    if (const auto known = progress_.find(publisher); known != progress_.end())
        return known->second;
    auto row = table::find_received_number(transaction_, subscription_, publisher);
    if (!row)
        row = {.publisher = publisher, .next = {1}, .since = {}};
    return progress_.emplace(publisher, progress{*std::move(row)}).first->second;
}

/// Records as missing all numbers before `next` that have not arrived.
void number_receiver::advance(progress& p, delivery_number next) {
    p.is_changed = true;
    if (next <= p.row.next)
        return;
    table::insert_missing(transaction_, subscription_, p.row.publisher, {{p.row.next, before(next)}, std::nullopt});
    p.row.next = next;
}

/// Numbers that are not meant for this database, because another database has received them, no longer count as missing. Older
/// versions of this program have received events without recording their numbers. If such a version recorded the subscription,
/// all numbers that the broker had confirmed before the first report no longer count as missing either.
void number_receiver::begin_at(progress& p, const number_report& report) {
    const auto first = table::is_numbered(transaction_, subscription_) ? report.since : report.confirmed;
    const auto since = p.row.since ? std::max(*p.row.since, report.since) : first;
    if (p.row.since == since)
        return;
    (void)remove_missing(p.row.publisher, {{1}, before(since)});
    p.row.since = since;
    p.row.next = std::max(p.row.next, since);
    p.is_changed = true;
}

number_receiver::removal number_receiver::remove_missing(const std::string& publisher, number_range range) {
    removal sum;
    for (bool more = range.first <= range.last; more;) {
        const auto rows = table::missing_numbers(transaction_, subscription_, publisher, range, page);
        for (const auto& [missing, noticed] : rows) {
            table::remove_missing(transaction_, subscription_, publisher, missing.first);
            if (missing.first < range.first)
                table::insert_missing(transaction_, subscription_, publisher, {{missing.first, before(range.first)}, noticed});
            if (missing.last > range.last)
                table::insert_missing(transaction_, subscription_, publisher, {{after(range.last), missing.last}, noticed});
            const number_range common{std::max(missing.first, range.first), std::min(missing.last, range.last)};
            sum.events += common.size();
            sum.noticed += noticed ? common.size() : 0;
        }
        more = rows.size() == page;
    }
    return sum;
}

void number_receiver::give_up(const std::string& publisher, number_range range) {
    const auto events = remove_missing(publisher, range).events;
    if (events == 0)
        return;
    changes_.lost += events;
    losses_.push_back({publisher, range});
}

void number_receiver::notice(const std::string& publisher, number_range range) {
    for (auto position = range.first; position <= range.last;) {
        const auto rows = table::missing_numbers(transaction_, subscription_, publisher, {position, range.last}, page);
        for (const auto& [missing, noticed] : rows) {
            position = after(missing.last);
            if (noticed)
                continue;
            const number_range certain{missing.first, std::min(missing.last, range.last)};
            table::remove_missing(transaction_, subscription_, publisher, missing.first);
            table::insert_missing(transaction_, subscription_, publisher, {certain, now_});
            if (certain.last < missing.last)
                table::insert_missing(transaction_, subscription_, publisher, {{after(certain.last), missing.last}, {}});
            changes_.noticed += certain.size();
        }
        if (rows.size() < page)
            return;
    }
}

/// Removes the records of a publisher that continues under another id. Its events that are certainly missing cannot be sent
/// again, so they count as lost.
void number_receiver::forget(const std::string& publisher) {
    const auto row = table::find_received_number(transaction_, subscription_, publisher);
    if (!row)
        return;
    for (bool more = true; more;) {
        const auto rows = table::missing_numbers(transaction_, subscription_, publisher, {{1}, row->next}, page);
        for (const auto& [missing, noticed] : rows) {
            table::remove_missing(transaction_, subscription_, publisher, missing.first);
            if (!noticed)
                continue;
            changes_.lost += missing.size();
            losses_.push_back({publisher, missing});
        }
        more = rows.size() == page;
    }
    table::remove_received_number(transaction_, subscription_, publisher);
    progress_.erase(publisher);
}

} // namespace atrium::events
