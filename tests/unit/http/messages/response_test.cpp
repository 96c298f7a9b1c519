#include <http/response.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>

#include <stdexcept>

namespace atrium::http {
namespace {

boost::json::object body_of(const response& r) {
    return boost::json::parse(r.body).as_object();
}

std::string header_of(const response& r, std::string_view name) {
    for (const auto& [field_name, value] : r.headers)
        if (field_name == name)
            return value;
    return {};
}

} // namespace

TEST_CASE("the response for an error has the HTTP status that belongs to the error code") {
    CHECK(problem(error{.code = errc::malformed}).status == status::bad_request);
    CHECK(problem(error{.code = errc::invalid}).status == status::unprocessable_entity);
    CHECK(problem(error{.code = errc::not_found}).status == status::not_found);
    CHECK(problem(error{.code = errc::conflict}).status == status::conflict);
    CHECK(problem(error{.code = errc::precondition_failed}).status == status::precondition_failed);
    CHECK(problem(error{.code = errc::unavailable}).status == status::service_unavailable);
}

TEST_CASE("the response for an error contains problem details") {
    const auto r = problem(error{.code = errc::not_found, .detail = "there is no user 7"});

    CHECK(r.content_type == "application/problem+json");
    CHECK(r.body == R"({"type":"about:blank","title":"Not Found","status":404,"detail":"there is no user 7"})");
}

TEST_CASE("the faults of a body are listed with JSON pointers") {
    const auto r =
        problem(error{.code = errc::invalid, .faults = {{"/email", "is required"}, {"/a~1\"b", "is not a known field"}}});
    const auto body = body_of(r);

    CHECK(body.at("title") == "Unprocessable Content");
    CHECK(body.at("errors") == boost::json::parse(R"([{"pointer":"/email","detail":"is required"},
                                                      {"pointer":"/a~1\"b","detail":"is not a known field"}])"));
    CHECK_FALSE(body.contains("detail"));
}

TEST_CASE("the faults of a query are listed with their parameters") {
    const auto body = body_of(problem(error{.code = errc::malformed, .faults = {{"limit", "must be an integer"}}}));

    CHECK(body.at("status") == 400);
    CHECK(body.at("errors") == boost::json::parse(R"([{"parameter":"limit","detail":"must be an integer"}])"));
}

TEST_CASE("the response for an unavailable service has a Retry-After of at least one second") {
    CHECK(header_of(problem(error{.code = errc::unavailable}), "Retry-After") == "1");
    CHECK(header_of(problem(error{.code = errc::unavailable, .retry_after = std::chrono::seconds{5}}), "Retry-After") == "5");
    CHECK(header_of(problem(error{.code = errc::conflict}), "Retry-After").empty());
}

TEST_CASE("the response for an error that has only a status and a text also contains problem details") {
    const auto r = problem(status::payload_too_large, "the body is larger than 1048576 bytes");

    CHECK(r.status == status::payload_too_large);
    CHECK(body_of(r).at("title") == "Content Too Large");
    CHECK(body_of(r).at("status") == 413);
    CHECK(r.body.back() == '}');
}

TEST_CASE("a header value cannot begin another header") {
    response r;
    for (const std::string& value :
         {std::string{"a\r\nSet-Cookie: b"}, std::string{"a\nb"}, std::string{"a\rb"}, std::string{"a\0b", 3}})
        CHECK_THROWS_AS(r.set("Location", value), std::invalid_argument);
    CHECK(r.headers.empty());

    r.set("Location", "/users/1").set("ETag", "\"1\"");
    CHECK(header_of(r, "ETag") == "\"1\"");
}

TEST_CASE("json and no_content build responses with the correct status and type") {
    CHECK(json("[]").status == status::ok);
    CHECK(json("[]").content_type == "application/json");
    CHECK(no_content().status == status::no_content);
    CHECK(no_content().content_type.empty());
}

} // namespace atrium::http
