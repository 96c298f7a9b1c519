#include "some_request.hpp"

#include <http/body.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>

#include <string>
#include <vector>

namespace atrium::http {
namespace {

constexpr auto type_with_boundary = "multipart/form-data; boundary=x-y";

std::string part(std::string_view header, std::string_view content) {
    return "--x-y\r\n" + std::string{header} + "\r\n\r\n" + std::string{content} + "\r\n";
}

std::string text_part(std::string_view name, std::string_view content) {
    return part("Content-Disposition: form-data; name=\"" + std::string{name} + "\"", content);
}

std::string form(std::initializer_list<std::string> parts) {
    std::string body;
    for (const auto& each : parts)
        body += each;
    return body + "--x-y--\r\n";
}

/// The faults of a form that describes an order, as lines "pointer: detail"; empty if the form is valid. If the form cannot be
/// read, the status and the detail of the refusal.
std::string faults_of(std::string_view body, std::string_view type = type_with_boundary) {
    const auto q = some_post(type, body);
    auto reader = read_body(q);
    if (!reader)
        return std::to_string(static_cast<int>(problem(q, reader.error()).status)) + " " + reader.error().detail;
    (void)reader->required_text("username");
    (void)reader->integer("quantity", 1, 1'000'000);
    const auto outcome = reader->finish();
    std::string lines;
    if (!outcome)
        for (const auto& each : outcome.error().faults)
            lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

int status_of(std::string_view body, std::string_view type = type_with_boundary) {
    const auto q = some_post(type, body);
    const auto read = read_body(q);
    return read ? 200 : static_cast<int>(problem(q, read.error()).status);
}

} // namespace

TEST_CASE("the fields of a multipart form are read by name, without decoding") {
    const auto body = form({text_part("username", "a+b%2B\r\n--x\r\n\xC3\xA9"), text_part("quantity", "12"),
                            text_part("note", ""), text_part("a%22b%0D%0Ac%41\\", "odd")});
    auto reader = read_body(some_post(type_with_boundary, body));
    REQUIRE(reader.has_value());
    CHECK(reader->required_text("username") == "a+b%2B\r\n--x\r\n\xC3\xA9");
    CHECK(reader->integer("quantity", 1, 100) == 12);
    CHECK(reader->text("note") == "");
    CHECK(reader->text("a\"b\r\nc%41\\") == "odd");
    CHECK(reader->finish());
}

TEST_CASE("a multipart form is read in all variants of the syntax that other programs send") {
    for (const auto* header :
         {"content-disposition:form-data;name=username", "Content-Disposition: FORM-DATA ; Name=\"username\"; x=y",
          "Content-Type: text/plain\r\nContent-Disposition: form-data; name=\"username\"",
          "Content-Disposition: form-data; name=\"username\"\r\nContent-Type: text/plain; charset=UTF-8\r\nX-Other: 1\r\n"
          "Content-Transfer-Encoding: 8bit"})
        CHECK(faults_of(form({part(header, "ann")})).empty());
    const auto ordinary = text_part("username", "ann");
    CHECK(faults_of(ordinary + "--x-y--").empty());
    CHECK(faults_of(ordinary + "--x-y-- \t\r\n").empty());
    CHECK(faults_of("--x-y \t\r\n" + ordinary.substr(7) + "--x-y--").empty());
    for (const auto* type : {"Multipart/Form-Data; Boundary=\"x-y\"", "multipart/form-data; charset=utf-8; boundary=x-y"})
        CHECK(faults_of(form({ordinary}), type).empty());
    CHECK(faults_of("--x-y--\r\n") == "/username: is required\n"); // a form without fields
}

TEST_CASE("a part without content is read as empty, even if the next boundary follows its header immediately") {
    CHECK(faults_of(form({text_part("username", "ann"), text_part("quantity", "")})).empty());
    CHECK(faults_of(text_part("username", "ann") + "--x-y\r\nContent-Disposition: form-data; name=quantity\r\n\r\n--x-y--")
              .empty());
}

TEST_CASE("the faults of a multipart form are the same as those of other forms") {
    CHECK(faults_of(form({text_part("quantity", "x"), text_part("color", "red")})) ==
          "/quantity: must be an integer\n/color: is not a known field\n/username: is required\n");
    CHECK(faults_of(form({text_part("username", "ann"), text_part("username", "bob")})) ==
          "/username: appears more than once\n");
    CHECK(faults_of(form({text_part("username", std::string_view{"a\0b", 3})})) ==
          "/username: must not contain the character U+0000\n");
    CHECK(faults_of(form({text_part("username", "\xff")})) == "400 the form is not valid UTF-8");
    CHECK(faults_of(form({text_part("\xff", "ann")})) == "400 the form is not valid UTF-8");
}

TEST_CASE("files, encoded parts, and parts that are not plain text are reported as faults of their fields") {
    const std::string name = "Content-Disposition: form-data; name=\"username\"";
    for (const auto* file : {"; filename=\"a.txt\"", "; filename=\"\"", "; filename=a", "; filename*=UTF-8''a"})
        CHECK(faults_of(form({part(name + file, "ann")})) == "/username: must be text: files are not accepted\n");
    CHECK(faults_of(form({part("Content-Disposition: form-data; filename=a; name=avatar", "x"), text_part("quantity", "0")})) ==
          "/avatar: must be text: files are not accepted\n/quantity: must be between 1 and 1000000\n/username: is required\n");
    for (const auto* type : {"application/json", "text/plain; charset=latin1", "nonsense"})
        CHECK(faults_of(form({part(name + "\r\nContent-Type: " + type, "ann")})) == "/username: must be text/plain in UTF-8\n");
    CHECK(faults_of(form({part(name + "\r\nContent-Transfer-Encoding: base64", "YW5u")})) ==
          "/username: must not have a Content-Transfer-Encoding other than 7bit, 8bit or binary\n");
}

TEST_CASE("the only encoding that a form may specify is UTF-8") {
    CHECK(faults_of(form({text_part("_charset_", "UTF-8"), text_part("username", "ann")})).empty());
    CHECK(faults_of(form({text_part("username", "ann"), text_part("_charset_", "windows-1252")})) ==
          "/_charset_: must be utf-8\n");
}

TEST_CASE("a multipart body needs exactly one valid boundary") {
    const auto body = form({text_part("username", "ann")});
    for (const auto* type :
         {"multipart/form-data", "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"x \"",
          "multipart/form-data; boundary=x-y; boundary=x-y", "multipart/form-data; boundary=\"x*y\""})
        CHECK(status_of(body, type) == 400);
    CHECK(status_of(body, "multipart/form-data; boundary=" + std::string(71, 'x')) == 400);
    for (const auto* boundaries : {R"(boundary=""; boundary=x-y)", R"(boundary=x-y; boundary="")", "boundary=x-y; boundary=x-y",
                                   "boundary=x-y; Boundary=x", R"(boundary="")"}) {
        CAPTURE(boundaries);
        CHECK(status_of(body, "multipart/form-data; " + std::string{boundaries}) == 400);
    }
    for (const auto* type : {"multipart/mixed; boundary=x-y", "multipart/form-data; boundary=x-y; charset=latin1",
                             "multipart/form-data; boundary=x-y; a=b", "multipart/form-data; boundary"})
        CHECK(status_of(body, type) == 415);

    const std::string longest(70, '=');
    const auto renamed = "--" + longest + "\r\nContent-Disposition: form-data; name=username\r\n\r\nann\r\n--" + longest + "--";
    CHECK(faults_of(renamed, "multipart/form-data; boundary=\"" + longest + "\"").empty());
}

TEST_CASE("a multipart body that two programs could read differently is malformed") {
    const std::string prefix = "400 the body cannot be read as multipart/form-data: ";
    const auto ann = text_part("username", "ann");
    const auto append_to_ann = [&](std::string_view line) { return ann + std::string{line}; };
    const std::vector<std::pair<std::string, std::string>> cases{
        {"hello\r\n" + ann + "--x-y--", "it does not begin with its boundary"},
        {"\r\n" + ann + "--x-y--", "it does not begin with its boundary"},
        {"--X-Y--", "it does not begin with its boundary"},
        {append_to_ann("--x-y--\r\nmore"), "there is data after its last boundary"},
        {append_to_ann("--x-y--more"), "there is data after its last boundary"},
        {append_to_ann("--x-y--\n"), "there is data after its last boundary"},
        {append_to_ann("--x-y-\r\n"), "a boundary is not followed by the end of its line"},
        {append_to_ann("--x-yz\r\n\r\n\r\n--x-y--"), "a boundary is not followed by the end of its line"},
        {append_to_ann("--x-y\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--x-y--"),
         "a boundary is not followed by the end of its line"},
        {ann, "it ends before its last boundary"},
        {"--x-y\r\nContent-Disposition: form-data; name=a\r\n\r\nann\n--x-y--", "it ends before its last boundary"},
        {form({part("X: y", "ann")}), "each part needs a Content-Disposition of form-data with a name"},
        {"--x-y\r\n\r\nann\r\n--x-y--", "each part needs a Content-Disposition of form-data with a name"},
        {form({part("Content-Disposition: form-data; name=a\nX: y", "")}), "a header of a part is malformed"},
        {form({part("Content-Disposition: form-data;\r\n name=a", "")}), "a header of a part is malformed"},
        {form({part("X: " + std::string(5'000, 'y'), "")}), "the header of a part is too large or does not end"},
        {form({part("X: " + std::string(3'000, 'y') + "\r\nY: " + std::string(3'000, 'y'), "")}),
         "the header of a part is too large or does not end"},
    };
    for (const auto& [body, why] : cases) {
        CAPTURE(body);
        CHECK(faults_of(body) == prefix + why);
    }
    for (const auto* header :
         {"Content-Disposition: attachment; name=a", "Content-Disposition: form-data", "Content-Disposition: form-data; name",
          "Content-Disposition: form-data; name=", "Content-Disposition: form-data; name=\"a",
          "Content-Disposition: form-data name=a", "Content-Disposition: form-data; name=\"a\\\"b\"",
          "Content-Disposition: form-data; name=a; name=b",
          "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a",
          "Content-Disposition: form-data; name=a\r\nContent-Type: text/plain\r\nContent-Type: text/plain",
          "Content-Disposition : form-data; name=a", "Content-Disposition: form-data; name=\"a\x01\"", ": x"}) {
        CAPTURE(header);
        CHECK(faults_of(form({part(header, "")})) == prefix + "a header of a part is malformed");
    }
}

TEST_CASE("a truncated multipart body is malformed") {
    auto whole = form({text_part("_charset_", "utf-8"), text_part("username", "a\r\n--x-\r\nnn"), text_part("quantity", ""),
                       text_part("note", "-")});
    whole.resize(whole.size() - 2); // the line end after the last boundary may be missing
    CHECK(status_of(whole) == 200);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(status_of(std::string_view{whole}.substr(0, size)) == 400);
    }
}

TEST_CASE("a multipart body with any byte changed or removed is either read or refused with 400") {
    const auto whole = form({text_part("username", "ann"), part("Content-Disposition: form-data; name=f; filename=g", "1")});
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto changed = whole;
        for (const char byte : {'\r', '\n', '-', '"', ';', '\0', '\x80', ' ', 'x'}) {
            changed[i] = byte;
            const auto status = status_of(changed);
            CHECK((status == 200 || status == 400));
        }
        const auto status = status_of(std::string{whole}.erase(i, 1));
        CHECK((status == 200 || status == 400));
    }
}

TEST_CASE("the number of parts of a multipart form is limited") {
    std::string body;
    for (int i = 0; i < 257; ++i)
        body += text_part("f" + std::to_string(i), "");
    CHECK(status_of(body + "--x-y--") == 422);
    CHECK(status_of(body) == 400); // a malformed body is reported before the number of parts
    CHECK(status_of(body.substr(body.find("--x-y", 1)) + "--x-y--") == 200);
}

} // namespace atrium::http
