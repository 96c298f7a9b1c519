#pragma once

#include <base/json_writer.hpp>
#include <input/reader.hpp>

#include <boost/json/string_view.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::input {

/// Handles the events of the parser of Boost.JSON, and collects the fields of the outermost object without a tree of values.
/// A nested value is kept as JSON text.
class json_object_reader {
public:
    // Constants that the parser requires. The size limit of the body already limits all of these.
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    [[nodiscard]] bool is_object() const noexcept { return is_object_; }
    /// The number of fields, including those beyond `max_fields`, which are discarded.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::vector<field> take() { return std::move(fields_); }

    using error_code = boost::system::error_code;
    using view = boost::json::string_view;
    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        is_object_ = is_object_ || depth_ == 0;
        if (enter())
            out_->begin_object();
        return true;
    }
    bool on_object_end(std::size_t, error_code&) {
        if (is_nested())
            out_->end_object();
        return leave();
    }
    bool on_array_begin(error_code&) {
        if (enter())
            out_->begin_array();
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        if (is_nested())
            out_->end_array();
        return leave();
    }

    bool on_key_part(view part, std::size_t, error_code&) { return gather(part); }
    bool on_key(view part, std::size_t, error_code&) {
        gather(part);
        if (is_at_field())
            name_ = std::move(text_);
        else if (is_nested())
            out_->escaped_key(text_);
        text_.clear();
        return true;
    }
    bool on_string_part(view part, std::size_t, error_code&) { return gather(part); }
    bool on_string(view part, std::size_t, error_code&) {
        gather(part);
        if (is_at_field())
            keep(std::move(text_));
        else if (is_nested())
            out_->value(text_);
        text_.clear();
        return true;
    }

    bool on_number_part(view part, error_code&) { return gather(part); }
    bool on_int64(std::int64_t, view part, error_code&) { return keep_number(part); }
    bool on_uint64(std::uint64_t, view part, error_code&) { return keep_number(part); }
    bool on_double(double, view part, error_code&) { return keep_number(part); }
    bool on_bool(bool truth, error_code&) {
        if (is_nested())
            out_->value(truth);
        return keep(truth);
    }
    bool on_null(error_code&) {
        if (is_nested())
            out_->null();
        return keep(null{});
    }
    bool on_comment_part(view, error_code&) { return true; }
    bool on_comment(view, error_code&) { return true; }

private:
    /// Whether the parser is directly inside the outermost object, where a value belongs to one of its fields.
    [[nodiscard]] bool is_at_field() const noexcept { return is_object_ && depth_ == 1; }
    /// Whether the parser is inside the value of a field that is kept.
    [[nodiscard]] bool is_nested() const noexcept { return is_object_ && depth_ > 1 && count_ < max_fields; }

    /// Returns whether the object or array that begins belongs to a nested value that is kept.
    bool enter() {
        if (is_at_field()) {
            nested_.clear();
            out_.emplace(nested_);
        }
        ++depth_;
        return is_nested();
    }
    bool leave() {
        --depth_;
        if (is_at_field())
            keep(nested{std::exchange(nested_, {})});
        return true;
    }
    /// Adds a part of a name, string or number to `text_`. Ignores parts inside a nested value that is discarded, and all parts
    /// if the document is not an object.
    bool gather(view part) {
        if (is_at_field() || is_nested())
            text_.append(part.data(), part.size());
        return true;
    }
    bool keep_number(view part) {
        gather(part);
        if (is_at_field())
            keep(number{std::move(text_)});
        else if (is_nested())
            out_->raw(text_);
        text_.clear();
        return true;
    }
    bool keep(input::value v) {
        if (is_at_field() && ++count_ <= max_fields)
            fields_.push_back({.name = std::move(name_), .value = std::move(v)});
        return true;
    }

    std::vector<field> fields_;
    std::size_t count_ = 0;
    std::size_t depth_ = 0;
    bool is_object_ = false;
    std::string name_;               // name of the field whose value comes next
    std::string text_;               // a name, string or number that arrives in parts
    std::string nested_;             // the text of the value of a field that is an object or an array
    std::optional<json_writer> out_; // writes `nested_`
};

} // namespace atrium::input
