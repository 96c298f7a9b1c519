#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/line_writer.hpp>
#include <base/log.hpp>
#include <base/text.hpp>

#include <unistd.h>

#include <initializer_list>

namespace atrium {
namespace {

constexpr std::size_t capacity = 1 << 20; // bytes of lines that wait for the reader of standard error

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

using field_lists = std::initializer_list<const std::vector<log_field>*>;

std::string json_line(log_level level, std::string_view component, std::string_view message, field_lists lists) {
    std::string line;
    json_writer json{line};
    json.begin_object().key("time").value(system_clock{}.now()).key("level").value(word(level));
    json.key("component").value(component).key("message").value(printable(message));
    for (const auto* list : lists)
        for (const auto& field : *list) {
            json.escaped_key(field.name);
            field.is_number ? json.raw(field.text) : json.value(printable(field.text));
        }
    json.end_object();
    return line;
}

std::string text_line(log_level level, std::string_view component, std::string_view message, field_lists lists) {
    auto line = to_rfc3339(system_clock{}.now());
    line.append(" ").append(word(level)).append(" ").append(component).append(": ").append(printable(message));
    for (const auto* list : lists)
        for (const auto& field : *list) {
            line.append(" ").append(field.name).append("=");
            append_text_value(line, {field.name, printable(field.text)});
        }
    return line;
}

std::string render(log_format format, log_level level, std::string_view component, std::string_view message,
                   field_lists lists) {
    return format == log_format::json ? json_line(level, component, message, lists)
                                      : text_line(level, component, message, lists);
}

std::string describe_loss(log_format format, std::uint64_t lines) {
    const std::vector<log_field> fields{{"lines", lines}};
    return render(format, log_level::warning, "log", "lines are missing here: standard error did not take them", {&fields});
}

} // namespace

logger::logger(const log_settings& settings, std::string_view component)
    : output_{std::make_shared<line_writer>(
          STDERR_FILENO, capacity, [format = settings.format](std::uint64_t lines) { return describe_loss(format, lines); })},
      component_{component}, level_{settings.level}, format_{settings.format} {}

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
    return output_ && level >= level_ && level != log_level::off;
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
    if (output_)
        append_line(log_level::info, message, fields);
}

void logger::write(log_level level, std::string_view message, const std::vector<log_field>& fields) const {
    if (enabled(level))
        append_line(level, message, fields);
}

void logger::append_line(log_level level, std::string_view message, const std::vector<log_field>& fields) const {
    const bool important = level >= log_level::warning;
    output_->append(render(format_, level, component_, message, {&always_, &fields}),
                    important ? line_writer::importance::high : line_writer::importance::ordinary);
}

void logger::flush(std::chrono::milliseconds limit) const {
    if (output_)
        output_->flush(std::chrono::steady_clock::now() + limit);
}

std::uint64_t logger::dropped_lines() const noexcept {
    return output_ ? output_->dropped() : 0;
}

} // namespace atrium
