#pragma once

#include <base/clock.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// Writes JSON text (RFC 8259) directly into a string, without a tree of values.
///
///     json_writer w{out};
///     w.begin_object().key("id").value(1).key("tags").begin_array().value("a").end_array().end_object();
///
/// The writer adds the commas; the caller must nest objects and arrays correctly. Strings must be well-formed UTF-8; they are
/// escaped. Used by one thread. `out` must outlive the writer.
class json_writer {
public:
    explicit json_writer(std::string& out) : out_{out} {}

    json_writer& begin_object();
    json_writer& end_object();
    json_writer& begin_array();
    json_writer& end_array();

    /// The name of a member. It must not need escaping, because it is written as it is.
    json_writer& key(std::string_view name);
    /// A name that `rendered_key` has prepared, for names that are written many times.
    json_writer& raw_key(std::string_view rendered) {
        out_.append(is_first_ ? rendered.substr(1) : rendered);
        is_first_ = true;
        return *this;
    }
    /// A name that may need escaping, such as one from a client.
    json_writer& escaped_key(std::string_view name);

    json_writer& value(std::string_view text);
    json_writer& value(const char* text) { return value(std::string_view{text}); }
    json_writer& value(const std::string& text) { return value(std::string_view{text}); }
    json_writer& value(std::int64_t number);
    json_writer& value(int number) { return value(std::int64_t{number}); }
    json_writer& value(double number); ///< written as null if JSON has no form for it (infinities, NaN)
    json_writer& value(bool truth);
    json_writer& value(timestamp when); ///< RFC 3339, as a string
    json_writer& null();

    /// JSON text, which is copied as it is.
    json_writer& raw(std::string_view json);

private:
    void separate() {
        if (!is_first_)
            out_.push_back(',');
        is_first_ = false;
    }
    void string(std::string_view text);

    /// The text of the time that was written last. In a list, a time is often equal to the previous one or on the same day, so
    /// its text can be reused.
    struct time_text {
        std::array<char, rfc3339_size + 2> quoted; ///< set if `time` is set
        std::optional<timestamp> time;
    };
    void update_time_text(timestamp when);

    std::string& out_;
    time_text last_time_;
    bool is_first_ = true; ///< no comma is needed: the innermost container is empty, or a key was written last
};

/// A name in quotes with a comma before it and a colon after it, for `json_writer::raw_key`. The name must not need escaping.
[[nodiscard]] std::string rendered_key(std::string_view name);

} // namespace atrium
