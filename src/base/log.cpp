#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/log.hpp>
#include <base/text.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace atrium {
namespace {

constexpr auto written = spdlog::level::critical; // which lines are is decided here, not by spdlog

std::string_view word(log_level level) {
    switch (level) {
    case log_level::trace: return "trace";
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::warning: return "warning";
    case log_level::error: return "error";
    case log_level::off: return "off";
    }
    return "info";
}

/// What came from outside may hold anything: a log line stays one line of valid UTF-8.
std::string printable(std::string_view text) {
    return is_utf8(text) ? std::string{text} : std::string{"(not UTF-8)"};
}

void append_text_value(std::string& out, const log_field& field) {
    const bool plain =
        !field.text.empty() && field.text.find_first_of(" \"=\\") == std::string::npos && !has_control_character(field.text);
    if (plain)
        out += field.text;
    else
        json_writer{out}.value(field.text);
}

} // namespace

logger::logger(const log_settings& settings, std::string_view component)
    : component_{component}, level_{settings.level}, format_{settings.format} {
    sink_ = std::make_shared<spdlog::logger>("atrium", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    sink_->set_pattern("%v");
    sink_->flush_on(written);
}

logger logger::named(std::string_view component) const {
    auto copy = *this;
    copy.component_ = component;
    return copy;
}

logger logger::with(std::vector<log_field> fields) const {
    auto copy = *this;
    copy.always_.insert(copy.always_.end(), fields.begin(), fields.end());
    return copy;
}

bool logger::enabled(log_level level) const noexcept {
    return sink_ && level >= level_ && level != log_level::off;
}

void logger::debug(std::string_view message, std::vector<log_field> fields) const {
    write(log_level::debug, message, fields);
}

void logger::info(std::string_view message, std::vector<log_field> fields) const {
    write(log_level::info, message, fields);
}

void logger::warning(std::string_view message, std::vector<log_field> fields) const {
    write(log_level::warning, message, fields);
}

void logger::error(std::string_view message, std::vector<log_field> fields) const {
    write(log_level::error, message, fields);
}

void logger::announce(std::string_view message, std::vector<log_field> fields) const {
    if (sink_)
        append_line(log_level::info, message, fields);
}

void logger::write(log_level level, std::string_view message, const std::vector<log_field>& fields) const {
    if (enabled(level))
        append_line(level, message, fields);
}

void logger::append_line(log_level level, std::string_view message, const std::vector<log_field>& fields) const {
    std::string line;
    const auto now = system_clock{}.now();
    if (format_ == log_format::json) {
        json_writer json{line};
        json.begin_object().key("time").value(now).key("level").value(word(level)).key("component").value(component_);
        json.key("message").value(printable(message));
        for (const auto* list : {&always_, &fields})
            for (const auto& field : *list) {
                json.escaped_key(field.name);
                field.is_number ? json.raw(field.text) : json.value(printable(field.text));
            }
        json.end_object();
    } else {
        line = to_rfc3339(now);
        line.append(" ").append(word(level)).append(" ").append(component_).append(": ").append(printable(message));
        for (const auto* list : {&always_, &fields})
            for (const auto& field : *list) {
                line.append(" ").append(field.name).append("=");
                append_text_value(line, {field.name, printable(field.text)});
            }
    }
    sink_->log(written, spdlog::string_view_t{line.data(), line.size()});
}

} // namespace atrium
