#include "parameters.hpp"

#include <base/json_writer.hpp>
#include <base/text.hpp>
#include <http/input.hpp>

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>

#include <optional>
#include <string>
#include <utility>

namespace atrium::graphql_http {
namespace {

constexpr std::size_t most_levels = 32; // of variables, which are judged recursively

/// Empty where it is absent or null.
result<boost::json::object> take_object(boost::json::object& from, std::string_view name) {
    auto* found = from.if_contains(name);
    if (!found || found->is_null())
        return boost::json::object{};
    if (!found->is_object())
        return malformed("\"" + std::string{name} + "\" must be an object");
    return std::move(found->get_object());
}

/// The same of a parameter in the query string; empty also where that is absent or null.
result<boost::json::object> parse_parameter(const std::optional<std::string>& text, std::string_view name) {
    if (!text || text->empty() || *text == "null")
        return boost::json::object{};
    return parse_object(*text, "\"" + std::string{name} + "\"", 0);
}

} // namespace

error malformed(std::string detail) {
    return {.code = errc::malformed, .detail = std::move(detail)};
}

result<boost::json::object> parse_object(std::string_view text, std::string_view what, std::size_t around) {
    boost::json::parse_options options;
    options.max_depth = around + most_levels;
    boost::system::error_code wrong;
    auto value = boost::json::parse(text, wrong, {}, options);
    if (wrong == boost::json::error::too_deep)
        return malformed(std::string{what} + " nests too deeply");
    if (wrong == boost::json::error::exponent_overflow)
        return malformed(std::string{what} + " has a number that is out of range");
    if (wrong)
        return malformed(std::string{what} + " is not well-formed JSON");
    if (!value.is_object())
        return malformed(std::string{what} + " must be a JSON object");
    return std::move(value.get_object());
}

result<graphql::request> read_query_string(const http::request& q) {
    http::query_fields fields{q};
    const auto query = fields.text("query");
    const auto operation = fields.text("operationName");
    const auto variables_text = fields.text("variables");
    const auto extensions_text = fields.text("extensions");
    if (const auto complete = fields.finish(); !complete)
        return complete.error();
    if (!query)
        return malformed("\"query\" is missing");

    auto variables = parse_parameter(variables_text, "variables");
    if (!variables)
        return variables.error();
    if (const auto extensions = parse_parameter(extensions_text, "extensions"); !extensions)
        return extensions.error();

    graphql::request wanted{.query = *query};
    if (operation && !operation->empty())
        wanted.operation_name = *operation;
    wanted.variables = *std::move(variables);
    return wanted;
}

result<graphql::request> read_json_body(std::string_view body) {
    if (body.empty())
        return malformed("the body is empty");
    if (!is_utf8(body))
        return malformed("the body is not UTF-8");
    auto read = parse_object(body, "the body", 1);
    if (!read)
        return read.error();
    return read_parameters(*read);
}

result<graphql::request> read_parameters(boost::json::object& from) {
    auto* query = from.if_contains("query");
    if (!query || !query->is_string())
        return malformed(query ? "\"query\" must be a string" : "\"query\" is missing");
    const auto* operation = from.if_contains("operationName");
    if (operation && !operation->is_string() && !operation->is_null())
        return malformed("\"operationName\" must be a string");
    auto variables = take_object(from, "variables");
    if (!variables)
        return variables.error();
    if (const auto extensions = take_object(from, "extensions"); !extensions)
        return extensions.error();

    graphql::request wanted{.query = std::string{query->get_string()}};
    if (operation && operation->is_string())
        wanted.operation_name = std::string{operation->get_string()};
    wanted.variables = *std::move(variables);
    return wanted;
}

std::string error_body(const error& e, std::string_view code) {
    std::string body;
    json_writer out{body};
    out.begin_object().key("errors").begin_array().begin_object().key("message").value(e.detail);
    out.key("extensions").begin_object().key("code").value(code).end_object();
    out.end_object().end_array().end_object();
    return body;
}

} // namespace atrium::graphql_http
