#include "messages/field_list.hpp"
#include "messages/form_encoding.hpp"
#include "messages/json_object_reader.hpp"
#include "messages/multipart.hpp"
#include "messages/whole_number.hpp"

#include <base/text.hpp>
#include <http/input.hpp>
#include <http/media_type.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view multipart_type = "multipart/form-data";
constexpr std::string_view all_types = "application/json, application/x-www-form-urlencoded, multipart/form-data";
constexpr std::string_view charset_field = "_charset_"; // a browser fills it in with the encoding (RFC 7578, 4.6)

response unsupported(const request& q, std::string_view detail) {
    auto answer = problem(status::unsupported_media_type, detail);
    answer.set("Accept", std::string{all_types});
    if (q.method == verb::post)
        answer.set("Accept-Post", std::string{all_types});
    if (q.method == verb::patch)
        answer.set("Accept-Patch", std::string{all_types});
    return answer;
}

response malformed(std::string detail) {
    return problem(error{.code = errc::malformed, .detail = std::move(detail)});
}

/// The value of a parameter that a type has once; empty if it has none or several.
std::string_view parameter_of(const media_type& type, std::string_view name) {
    std::string_view value;
    std::size_t count = 0;
    for (const auto& [each, text] : type.parameters)
        if (each == name) {
            value = text;
            ++count;
        }
    return count == 1 ? value : std::string_view{};
}

/// Why a body of multipart/form-data is refused, as far as its Content-Type shows. Empty if it is accepted.
std::optional<response> refuse_parameters(const request& q, const media_type& type) {
    for (const auto& [name, value] : type.parameters)
        if (name != "boundary" && !(name == "charset" && ascii_iequals(value, "utf-8")))
            return unsupported(q, "the parameters of multipart/form-data can be its boundary and charset=utf-8");
    if (!is_boundary(parameter_of(type, "boundary")))
        return malformed("multipart/form-data needs one boundary, of 1 to 70 characters that RFC 2046 allows");
    return std::nullopt;
}

/// The type of a body that is read here: JSON or a form, in UTF-8 and not compressed.
boost::system::result<media_type, response> accepted_type(const request& q) {
    if (q.headers.has("Content-Encoding") && !ascii_iequals(q.headers.get("Content-Encoding"), "identity"))
        return unsupported(q, "the body must not be compressed").set("Accept-Encoding", "identity");
    if (q.headers.count("Content-Type") != 1)
        return unsupported(q, "one Content-Type is required: application/json, application/x-www-form-urlencoded or "
                              "multipart/form-data");
    auto type = parse_media_type(q.headers.get("Content-Type"));
    if (type.essence == multipart_type) {
        if (auto refused = refuse_parameters(q, type))
            return *std::move(refused);
        return type;
    }
    if (type.essence != json_type && type.essence != form_type)
        return unsupported(q, "the body must be application/json, application/x-www-form-urlencoded or multipart/form-data");
    if (!type.is_utf8())
        return unsupported(q, "the only parameter of the Content-Type can be charset=utf-8");
    return type;
}

response too_many_fields() {
    return problem(invalid_field("", "must not have more than " + std::to_string(most_fields) + " fields"));
}

std::string describe(const boost::system::error_code& failure, std::size_t at) {
    if (failure == boost::json::error::incomplete)
        return "the body cannot be read as JSON: it ends too early";
    const std::string_view what = failure == boost::json::error::extra_data          ? "there is more after its end"
                                  : failure == boost::json::error::too_deep          ? "it is nested too deeply"
                                  : failure == boost::json::error::exponent_overflow ? "a number's exponent is too large"
                                                                                     : "syntax error";
    return "the body cannot be read as JSON: " + std::string{what} + ", at byte " + std::to_string(at);
}

/// The field's place in the body as a JSON pointer (RFC 6901).
std::string pointer_to(std::string_view name) {
    std::string pointer = "/";
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

} // namespace

/// Why a part of a form is not a text in UTF-8; empty if it is one.
std::string_view fault_of(const form_part& part) {
    if (part.is_file)
        return "must be a text: files are not accepted";
    const auto& coding = part.transfer_encoding;
    if (!coding.empty() && !ascii_iequals(coding, "7bit") && !ascii_iequals(coding, "8bit") && !ascii_iequals(coding, "binary"))
        return "must not have a Content-Transfer-Encoding";
    if (part.content_type.empty())
        return {};
    const auto type = parse_media_type(part.content_type);
    return type.essence == "text/plain" && type.is_utf8() ? std::string_view{} : "must be text/plain in UTF-8";
}

/// Reads the pairs of a form; what it makes is like a JSON object of strings.
class form_reader {
public:
    using entries = boost::system::result<std::vector<body_fields::entry>, response>;

    static entries read(std::string_view body) {
        std::vector<body_fields::entry> all;
        std::size_t count = 0;
        std::string_view wrong;
        for_each_pair(body, [&](std::string_view name, std::string_view value) {
            if (++count > most_fields || !wrong.empty())
                return;
            auto plain_name = decode_form_text(name);
            auto plain_value = decode_form_text(value);
            if (!plain_name || !plain_value)
                wrong = "the form has an invalid percent-escape";
            else if (!is_utf8(*plain_name) || !is_utf8(*plain_value))
                wrong = "the form is not valid UTF-8";
            else
                all.push_back({.name = *std::move(plain_name), .value = *std::move(plain_value)});
        });
        if (!wrong.empty())
            return malformed(std::string{wrong});
        if (count > most_fields)
            return too_many_fields();
        return all;
    }

    static entries read_parts(std::string_view body, std::string_view boundary) {
        std::vector<body_fields::entry> all;
        std::size_t count = 0;
        multipart_reader parts{body, boundary};
        for (;;) {
            const auto part = parts.next();
            if (!part)
                return problem(part.error());
            if (!*part)
                break;
            if (!is_utf8((*part)->name) || !is_utf8((*part)->content))
                return malformed("the form is not valid UTF-8");
            if (++count <= most_fields && !is_charset(**part))
                all.push_back(entry_of(**part));
        }
        if (count > most_fields)
            return too_many_fields();
        return all;
    }

private:
    /// The only encoding that is read here, and said to be.
    static bool is_charset(const form_part& part) {
        return part.name == charset_field && !part.is_file && ascii_iequals(part.content, "utf-8");
    }

    static body_fields::entry entry_of(const form_part& part) {
        const auto fault = part.name == charset_field && !part.is_file ? "must be utf-8" : fault_of(part);
        if (fault.empty())
            return {.name = part.name, .value = std::string{part.content}};
        return {.name = part.name, .value = body_fields::nested{}, .asked = true, .wrong = std::string{fault}};
    }
};

std::optional<response> body_fields::refuse_type(const request& q) {
    const auto type = accepted_type(q);
    return type ? std::nullopt : std::optional{type.error()};
}

boost::system::result<body_fields, response> body_fields::read(const request& q) {
    if (q.body.empty())
        return malformed("a body is required");
    const auto type = accepted_type(q);
    if (!type)
        return type.error();

    body_fields read;
    if (type->essence != json_type) {
        auto entries = type->essence == form_type ? form_reader::read(q.body)
                                                  : form_reader::read_parts(q.body, parameter_of(*type, "boundary"));
        if (!entries)
            return entries.error();
        read.entries_ = *std::move(entries);
        read.is_form_ = true;
    } else {
        if (!atrium::is_utf8(q.body))
            return malformed("the body is not valid UTF-8");
        boost::json::basic_parser<json_object_reader> parser{boost::json::parse_options{}}; // 32 levels deep at the most
        boost::system::error_code failure;
        const auto end = parser.write_some(false, q.body.data(), q.body.size(), failure);
        if (!failure && end < q.body.size())
            failure = boost::json::error::extra_data;
        if (failure)
            return malformed(describe(failure, end + 1));
        if (!parser.handler().is_object())
            return problem(invalid_field("", "must be an object"));
        if (parser.handler().count() > most_fields)
            return too_many_fields();
        read.entries_ = parser.handler().take();
    }
    merge_repeated(read.entries_);
    return read;
}

body_fields body_fields::of(const boost::json::object& object) {
    const auto value_of = [](const boost::json::value& from) -> value {
        switch (from.kind()) {
        case boost::json::kind::null: return null{};
        case boost::json::kind::bool_: return from.get_bool();
        case boost::json::kind::string: return std::string{from.get_string()};
        case boost::json::kind::object:
        case boost::json::kind::array: return nested{};
        default: return number{boost::json::serialize(from)};
        }
    };
    body_fields read;
    for (const auto& [name, from] : object)
        read.entries_.push_back({.name = std::string{name}, .value = value_of(from)});
    return read;
}

body_fields::entry* body_fields::ask(std::string_view name) {
    auto* found = find_entry(entries_, name);
    if (found)
        found->asked = true;
    return found;
}

/// A browser sends every field of a form, filled in or not. Blank fields that are not text count as absent.
body_fields::entry* body_fields::ask_unless_blank(std::string_view name) {
    auto* found = ask(name);
    const auto* text = found && is_form_ ? std::get_if<std::string>(&found->value) : nullptr;
    return text && text->empty() ? nullptr : found;
}

bool body_fields::has(std::string_view name) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const entry& e) { return e.name == name; });
}

std::string body_fields::required_text(std::string_view name) {
    if (!ask(name)) {
        fault(name, "is required");
        return {};
    }
    return optional_text(name).value_or(std::string{});
}

std::optional<std::string> body_fields::optional_text(std::string_view name) {
    const auto* found = ask(name);
    if (!found)
        return std::nullopt;
    const auto* text = std::get_if<std::string>(&found->value);
    if (std::holds_alternative<null>(found->value))
        fault(name, "must not be null");
    else if (!text)
        fault(name, "must be a string");
    else if (text->find('\0') != std::string::npos)
        fault(name, "must not contain the character U+0000");
    else
        return *text;
    return std::nullopt;
}

std::optional<std::string> body_fields::optional_choice(std::string_view name) {
    return ask_unless_blank(name) ? optional_text(name) : std::nullopt;
}

std::optional<std::int64_t> body_fields::optional_integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* found = ask_unless_blank(name);
    if (!found)
        return std::nullopt;

    whole_number read;
    if (const auto* written = std::get_if<body_fields::number>(&found->value))
        read = read_json_number(written->text);
    else if (const auto* text = std::get_if<std::string>(&found->value); text && is_form_)
        read = read_decimal(*text);

    if (std::holds_alternative<null>(found->value))
        fault(name, "must not be null");
    else if (!read.is_integer)
        fault(name, "must be an integer");
    else if (!read.in(least, most))
        fault(name, range_text(least, most));
    else
        return read.value;
    return std::nullopt;
}

void body_fields::fault(std::string_view name, std::string detail) {
    note_fault(entries_, absent_, name, std::move(detail));
}

result<> body_fields::finish() {
    auto faults = collect_faults(entries_, absent_, "is not a known field");
    if (faults.empty())
        return {};
    auto summary = summary_of(faults, "fields");
    for (auto& each : faults)
        each.pointer = pointer_to(each.pointer);
    return error{.code = errc::invalid, .detail = std::move(summary), .faults = std::move(faults)};
}

} // namespace atrium::http
