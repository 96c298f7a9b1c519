#include "history.hpp"

#include <base/json_writer.hpp>

#include <cmath>
#include <utility>

namespace atrium::console {
namespace {

/// Writes a number with at most six decimal places, so that a sample stays short.
void show(json_writer& json, double number) {
    if (std::isfinite(number) && number == std::floor(number) && std::abs(number) < 1e15)
        json.value(static_cast<std::int64_t>(number));
    else
        json.value(std::round(number * 1e6) / 1e6); // null if the number is not known
}

void show(json_writer& json, const std::map<std::string, double>& numbers) {
    json.begin_object();
    for (const auto& [name, number] : numbers)
        show(json.escaped_key(name), number);
    json.end_object();
}

void show(json_writer& json, const sample& s) {
    json.begin_array();
    for (const auto each : s.values)
        show(json, each);
    json.end_array();
}

} // namespace

void history::add(const sample& s, rates latest) {
    const std::lock_guard lock{mutex_};
    if (samples_.size() == capacity)
        samples_.pop_front();
    samples_.push_back(s);
    latest_ = std::move(latest);
}

std::string history::to_json(std::int64_t after) const {
    std::string text;
    json_writer json{text};
    json.begin_object().key("interval");
    show(json, std::chrono::duration<double>{interval_}.count());
    json.key("columns").begin_array();
    for (const auto each : column_names)
        json.value(each);
    json.end_array().key("rows").begin_array();
    const std::lock_guard lock{mutex_};
    for (const auto& each : samples_)
        if (each[column::time] > static_cast<double>(after))
            show(json, each);
    json.end_array().key("rates").begin_object();
    show(json.key("routes"), latest_.routes);
    show(json.key("topics"), latest_.topics);
    show(json.key("subscriptions"), latest_.subscriptions);
    json.end_object().end_object();
    return text;
}

} // namespace atrium::console
