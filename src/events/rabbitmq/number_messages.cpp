#include "number_messages.hpp"

#include "probe.hpp"

#include <base/ids.hpp>
#include <base/json_writer.hpp>
#include <base/text.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::string_view publisher_header = "atrium_publisher";
constexpr std::string_view numbers_header = "atrium_numbers";
constexpr std::string_view repeated_header = "atrium_repeated";
constexpr std::string_view report_prefix = "numbers/";
constexpr std::size_t max_id = 64;    // bytes
constexpr std::size_t max_name = 255; // bytes

error unreadable() {
    return {.code = errc::invalid, .detail = "it is not a message about delivery numbers"};
}

const std::string* header_of(const message& m, std::string_view name) {
    const auto found = std::ranges::find(m.headers, name, &header::name);
    return found == m.headers.end() ? nullptr : &found->value;
}

bool is_name(std::string_view text, std::size_t max) {
    return !text.empty() && text.size() <= max && is_utf8(text) && !has_control_character(text);
}

void write_ranges(json_writer& json, const std::vector<number_range>& ranges) {
    json.begin_array();
    for (const auto& range : ranges)
        json.begin_array().value(range.first.value).value(range.last.value).end_array();
    json.end_array();
}

// The readers throw std::invalid_argument, and the exceptions of Boost.JSON for a missing or mistyped member.

delivery_number read_number(const boost::json::value& v) {
    const auto number = v.to_number<std::int64_t>();
    if (number < 1)
        throw std::invalid_argument{"not a delivery number"};
    return {number};
}

std::string read_name(const boost::json::value& v, std::size_t max) {
    const std::string_view text{v.as_string()};
    if (!is_name(text, max))
        throw std::invalid_argument{"not a name"};
    return std::string{text};
}

std::vector<number_range> read_ranges(const boost::json::value& v) {
    std::vector<number_range> ranges;
    for (const auto& each : v.as_array()) {
        const auto& pair = each.as_array();
        ranges.push_back({read_number(pair.at(0)), read_number(pair.at(1))});
        if (ranges.back().last < ranges.back().first)
            throw std::invalid_argument{"not a range"};
    }
    return ranges;
}

number_inquiry inquiry_from(const boost::json::object& o) {
    number_inquiry found{.subscription = read_name(o.at("subscription"), max_name),
                         .receiver = read_name(o.at("receiver"), max_id),
                         .publishers = {}};
    for (const auto& each : o.at("publishers").as_array()) {
        const auto& p = each.as_object();
        found.publishers.push_back({read_name(p.at("id"), max_id), read_number(p.at("next")), read_ranges(p.at("missing"))});
    }
    return found;
}

number_report report_from(const boost::json::object& o) {
    const auto* former = o.if_contains("former_publisher");
    return {.publisher = read_name(o.at("publisher"), max_id),
            .former_publisher = former ? read_name(*former, max_id) : std::string{},
            .receiver = read_name(o.at("receiver"), max_id),
            .since = read_number(o.at("since")),
            .confirmed = read_number(o.at("confirmed")),
            .unavailable = read_ranges(o.at("unavailable"))};
}

template <class Read>
auto read(const message& m, Read parse_object) -> result<decltype(parse_object(boost::json::object{}))> {
    try {
        return parse_object(boost::json::parse(m.body).as_object());
    } catch (const std::exception&) {
        return unreadable();
    }
}

} // namespace

void add_numbers(message& m, const outgoing_event& e) {
    if (e.numbers.empty())
        return;
    m.headers.push_back({std::string{publisher_header}, e.publisher});
    m.headers.push_back({std::string{numbers_header}, e.numbers});
    if (e.is_repeated)
        m.headers.push_back({std::string{repeated_header}, "true"});
}

void append_number(std::string& header, const addressed_number& number) {
    header.append(header.empty() ? "" : " ").append(number.subscription).append("=");
    header.append(std::to_string(number.number.value));
}

std::optional<received_number> find_number(const message& m, std::string_view subscription) {
    const auto* publisher = header_of(m, publisher_header);
    const auto* numbers = header_of(m, numbers_header);
    if (!publisher || !numbers || !is_name(*publisher, max_id))
        return std::nullopt;
    for (std::string_view rest = *numbers; !rest.empty();) {
        const auto blank = std::min(rest.find(' '), rest.size());
        const auto pair = rest.substr(0, blank);
        rest.remove_prefix(std::min(blank + 1, rest.size()));
        if (pair.size() <= subscription.size() || !pair.starts_with(subscription) || pair[subscription.size()] != '=')
            continue;
        const auto number = parse_id(pair.substr(subscription.size() + 1));
        if (!number)
            return std::nullopt;
        return received_number{*publisher, {*number}, header_of(m, repeated_header) != nullptr};
    }
    return std::nullopt;
}

message write(const number_inquiry& inquiry) {
    message m{.content_type = "application/vnd.atrium.inquiry"};
    json_writer json{m.body};
    json.begin_object().key("subscription").value(inquiry.subscription);
    json.key("receiver").value(inquiry.receiver).key("publishers").begin_array();
    for (const auto& each : inquiry.publishers) {
        json.begin_object().key("id").value(each.id).key("next").value(each.next.value);
        write_ranges(json.key("missing"), each.missing);
        json.end_object();
    }
    json.end_array().end_object();
    return m;
}

result<number_inquiry> read_inquiry(const message& m) {
    return read(m, inquiry_from);
}

message write(const number_report& report, std::string id) {
    auto m = make_probe(std::string{report_prefix} + std::move(id));
    m.body.clear();
    json_writer json{m.body};
    json.begin_object().key("publisher").value(report.publisher);
    if (!report.former_publisher.empty())
        json.key("former_publisher").value(report.former_publisher);
    json.key("receiver").value(report.receiver).key("since").value(report.since.value);
    json.key("confirmed").value(report.confirmed.value);
    write_ranges(json.key("unavailable"), report.unavailable);
    json.end_object();
    return m;
}

bool is_report(const message& m) {
    return is_probe(m) && m.message_id.starts_with(report_prefix);
}

result<number_report> read_report(const message& m) {
    return read(m, report_from);
}

std::string inquiry_exchange(std::string_view exchange) {
    return std::string{exchange}.append(".inquiries");
}

} // namespace atrium::events::rabbitmq
