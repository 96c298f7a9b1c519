#include "require.hpp"

#include <base/text.hpp>
#include <http/body.hpp>
#include <input/reader.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium;
using fuzz::require;

namespace {

constexpr std::array<std::string_view, 2> words{"lent", "shelved"};

/// Reads a field of each kind.
void read_all(input::reader& values) {
    if (const auto text = values.text("text"))
        require(is_utf8(*text) && text->find('\0') == text->npos, "a text is UTF-8 without U+0000");
    if (const auto number = values.integer("integer", -5, 1000))
        require(*number >= -5 && *number <= 1000, "an integer is within its range");
    (void)values.boolean("boolean");
    if (const auto time = values.time("time"))
        require(parse_rfc3339(to_rfc3339(*time)) == time, "a time can be written and read again");
    if (const auto word = values.choice("choice", words, "must be lent or shelved"))
        require(*word < words.size(), "a choice is one of the words");
    if (const auto ids = values.ids("ids", 3))
        require(ids->size() <= 3, "the number of ids is limited");
    if (const auto text = values.text_or_number("text_or_number"))
        require(is_utf8(*text), "a text is UTF-8");
    if (const auto texts = values.texts("texts", 3, 10)) {
        require(texts->size() <= 3, "the number of texts is limited");
        for (const auto& each : *texts)
            require(each.size() <= 10 && is_utf8(each), "the size of a text is limited");
    }
    if (const auto object = values.object("object")) {
        const auto wrapped = input::read_json("{\"object\":" + *object + "}");
        require(wrapped.has_value(), "an object is JSON");
        const auto* again = std::get_if<input::nested>(&wrapped->front().value);
        require(again && again->json == *object, "an object stays the same when it is read again");
    }
}

void check(const error& e) {
    require(!e.detail.empty(), "an error has a detail");
    for (const auto& each : e.faults)
        require(!each.detail.empty() && is_utf8(each.pointer), "a fault has a detail and the name of its field");
}

} // namespace

/// The input is the body of a request, as JSON or as a form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::request q{.method = http::verb::post};
    q.body = {reinterpret_cast<const char*>(data), size};
    for (const std::string_view type : {"application/json", "application/x-www-form-urlencoded"}) {
        q.headers.clear();
        q.headers.add({"Content-Type", type});
        auto values = http::read_body(q);
        if (!values) {
            check(values.error());
            continue;
        }
        read_all(*values);
        if (const auto read = values->finish(); !read)
            check(read.error());
    }
    return 0;
}
