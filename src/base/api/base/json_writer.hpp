#pragma once

#include <base/clock.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// Writes JSON text (RFC 8259) straight into a string, without a tree of values in between.
///
///     json_writer w{out};
///     w.begin_object().key("id").value(1).key("tags").begin_array().value("a").end_array().end_object();
///
/// Commas are its business, well-formedness of the nesting is the caller's. Strings must be well-formed UTF-8; they are
/// escaped. One thread; keeps a reference to `out`.
class json_writer {
public:
    explicit json_writer(std::string& out) : out_{out} {}

    json_writer& begin_object();
    json_writer& end_object();
    json_writer& begin_array();
    json_writer& end_array();

    /// A name in an object. It is a word of our own: it is written as it is, not escaped.
    template <std::size_t Size>
    json_writer& key(const char (&name)[Size]);
    json_writer& key(std::string_view name);
    /// A name that comes from outside, escaped.
    json_writer& escaped_key(std::string_view name);

    json_writer& value(std::string_view text);
    json_writer& value(const char* text) { return value(std::string_view{text}); }
    json_writer& value(const std::string& text) { return value(std::string_view{text}); }
    json_writer& value(std::int64_t number);
    json_writer& value(int number) { return value(std::int64_t{number}); }
    json_writer& value(double number); ///< null for what JSON cannot say (infinities, NaN)
    json_writer& value(bool truth);
    json_writer& value(timestamp when); ///< RFC 3339, as a string
    json_writer& null();

    /// JSON text made elsewhere, taken as it is.
    json_writer& raw(std::string_view json);

private:
    void separate() {
        if (!first_)
            out_.push_back(',');
        first_ = false;
    }
    void string(std::string_view text);

    std::string& out_;
    bool first_ = true; ///< nothing stands yet in the innermost container, or a key has just been written
};

// A list is names for the better part: one append, of a length that the compiler knows, then the name in its place.
template <std::size_t Size>
json_writer& json_writer::key(const char (&name)[Size]) {
    static constexpr std::array<char, Size + 3> form{',', '"'}; // then the name, '"' and ':'
    const auto begin = out_.size();
    if (first_)
        out_.append(form.data() + 1, form.size() - 1);
    else
        out_.append(form.data(), form.size());
    char* const place = out_.data() + begin + (first_ ? 1 : 2);
    std::copy_n(name, Size - 1, place);
    place[Size - 1] = '"';
    place[Size] = ':';
    first_ = true;
    return *this;
}

} // namespace atrium
