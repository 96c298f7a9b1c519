#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/line_writer.hpp>
#include <base/log.hpp>
#include <base/printable.hpp>
#include <base/text.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace atrium {
namespace {

constexpr std::size_t max_waiting_size = 1 << 20; // max bytes of lines that wait for the reader of standard error

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

/// Text from outside may have any bytes, but a log line must be valid UTF-8. So a note replaces text that is not valid UTF-8.
std::string utf8_or_note(std::string_view text) {
    return is_utf8(text) ? std::string{text} : std::string{"(not UTF-8)"};
}

void append_text_value(std::string& out, const log_field& field) {
    const auto text = utf8_or_note(field.text);
    const bool is_plain = !text.empty() && text.find_first_of(" \"=\\") == std::string::npos && is_printable(text);
    if (is_plain)
        out += text;
    else
        json_writer{out}.value(text);
}

using field_lists = std::initializer_list<const std::vector<log_field>*>;

/// The fields of a line. If several have the same name, the last one is kept.
std::vector<const log_field*> unique_fields(field_lists lists) {
    std::vector<const log_field*> fields;
    for (const auto* list : lists)
        for (const auto& field : *list) {
            std::erase_if(fields, [&](const log_field* earlier) { return earlier->name == field.name; });
            fields.push_back(&field);
        }
    return fields;
}

/// The name of a field in the line: with a "_" at its end if it is one of the names that every line has.
std::string name_in_line(const log_field& field) {
    constexpr std::array<std::string_view, 4> reserved_names{"time", "level", "component", "message"};
    return std::find(reserved_names.begin(), reserved_names.end(), field.name) == reserved_names.end() ? field.name
                                                                                                       : field.name + "_";
}

std::string json_line(log_level level, std::string_view component, std::string_view message, field_lists lists) {
    std::string line;
    json_writer json{line};
    json.begin_object().key("time").value(system_clock{}.now()).key("level").value(word(level));
    json.key("component").value(component).key("message").value(utf8_or_note(message));
    for (const auto* field : unique_fields(lists)) {
        json.escaped_key(name_in_line(*field));
        field->is_number ? json.raw(field->text) : json.value(utf8_or_note(field->text));
    }
    json.end_object();
    return printable(line);
}

std::string text_line(log_level level, std::string_view component, std::string_view message, field_lists lists) {
    auto line = to_rfc3339(system_clock{}.now());
    line.append(" ").append(word(level)).append(" ").append(component).append(": ").append(utf8_or_note(message));
    for (const auto* field : unique_fields(lists)) {
        line.append(" ").append(name_in_line(*field)).append("=");
        append_text_value(line, *field);
    }
    return printable(line);
}

std::string render(log_format format, log_level level, std::string_view component, std::string_view message,
                   field_lists lists) {
    return format == log_format::json ? json_line(level, component, message, lists)
                                      : text_line(level, component, message, lists);
}

std::string describe_loss(log_format format, std::uint64_t lines) {
    const std::vector<log_field> fields{{"lines", lines}};
    return render(format, log_level::warning, "log", "lines were dropped here: they could not be written to standard error",
                  {&fields});
}

} // namespace

logger::logger(const log_settings& settings, std::string_view component)
    : output_{std::make_shared<line_writer>(
          STDERR_FILENO, max_waiting_size,
          [format = settings.format](std::uint64_t lines) { return describe_loss(format, lines); })},
      component_{component}, level_{settings.level}, format_{settings.format} {}

logger logger::named(std::string_view component) const {
    auto copy = *this;
    copy.component_ = component;
    return copy;
}

logger logger::with(std::vector<log_field> fields) const {
    auto copy = *this;
    copy.common_fields_.insert(copy.common_fields_.end(), fields.begin(), fields.end());
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
    const bool is_important = level >= log_level::warning;
    output_->append(render(format_, level, component_, message, {&common_fields_, &fields}),
                    is_important ? line_writer::importance::high : line_writer::importance::ordinary);
}

void logger::flush(std::chrono::milliseconds limit) const {
    if (output_)
        output_->flush(std::chrono::steady_clock::now() + limit);
}

std::uint64_t logger::dropped_lines() const noexcept {
    return output_ ? output_->dropped() : 0;
}

} // namespace atrium
