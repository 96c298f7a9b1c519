#pragma once

#include <input/reader.hpp>

#include <boost/json/string_view.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::input {

/// Handles the events of the parser of Boost.JSON, and collects the fields of the outermost object without a tree of values.
/// The parser checks nested values, but their content is discarded.
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
        return enter();
    }
    bool on_object_end(std::size_t, error_code&) { return leave(); }
    bool on_array_begin(error_code&) { return enter(); }
    bool on_array_end(std::size_t, error_code&) { return leave(); }

    bool on_key_part(view part, std::size_t, error_code&) { return gather(part); }
    bool on_key(view part, std::size_t, error_code&) {
        gather(part);
        if (at_field())
            name_ = std::move(text_);
        text_.clear();
        return true;
    }
    bool on_string_part(view part, std::size_t, error_code&) { return gather(part); }
    bool on_string(view part, std::size_t, error_code&) {
        if (!at_field())
            return true;
        gather(part);
        keep(std::move(text_));
        text_.clear();
        return true;
    }

    bool on_number_part(view part, error_code&) { return gather(part); }
    bool on_int64(std::int64_t, view part, error_code&) { return keep_number(part); }
    bool on_uint64(std::uint64_t, view part, error_code&) { return keep_number(part); }
    bool on_double(double, view part, error_code&) { return keep_number(part); }
    bool on_bool(bool truth, error_code&) { return keep(truth); }
    bool on_null(error_code&) { return keep(null{}); }
    bool on_comment_part(view, error_code&) { return true; }
    bool on_comment(view, error_code&) { return true; }

private:
    [[nodiscard]] bool at_field() const noexcept { return is_object_ && depth_ == 1; }

    bool enter() {
        keep(nested{});
        ++depth_;
        return true;
    }
    bool leave() {
        --depth_;
        return true;
    }
    bool gather(view part) {
        if (at_field())
            text_.append(part.data(), part.size());
        return true;
    }
    bool keep_number(view part) {
        if (!at_field())
            return true;
        gather(part);
        keep(number{std::move(text_)});
        text_.clear();
        return true;
    }
    bool keep(input::value v) {
        if (at_field() && ++count_ <= max_fields)
            fields_.push_back({.name = std::move(name_), .value = std::move(v)});
        return true;
    }

    std::vector<field> fields_;
    std::size_t count_ = 0;
    std::size_t depth_ = 0;
    bool is_object_ = false;
    std::string name_; // name of the field whose value comes next
    std::string text_; // a name, string or number that arrives in parts
};

} // namespace atrium::input
