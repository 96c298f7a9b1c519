#include "parameters.hpp"

#include <base/cooperative_yield.hpp>
#include <base/json_writer.hpp>
#include <base/text.hpp>
#include <http/query.hpp>
#include <idempotency/request_key.hpp>

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace atrium::graphql_http {
namespace {

/// Maximum depth of objects and lists in variables. It is limited because variables are validated recursively.
constexpr std::size_t max_levels = 32;

boost::json::parse_options options_for(std::size_t levels_around) {
    boost::json::parse_options options;
    options.max_depth = levels_around + max_levels;
    return options;
}

error parse_error(const boost::system::error_code& failure, std::string_view subject) {
    if (failure == boost::json::error::too_deep)
        return malformed(std::string{subject} + " nests too deeply");
    if (failure == boost::json::error::exponent_overflow)
        return malformed(std::string{subject} + " has a number that is out of range");
    return malformed(std::string{subject} + " is not well-formed JSON");
}

/// Parses a short text in one step. The other parameters are those of `parse_object`.
result<boost::json::value> parse_in_one_step(std::string_view text, std::string_view subject, std::size_t levels_around) {
    boost::system::error_code failure;
    auto value = boost::json::parse(text, failure, {}, options_for(levels_around));
    if (failure)
        return parse_error(failure, subject);
    return value;
}

awaitable<result<boost::json::value>> parse_in_pieces(std::string_view text, std::string_view subject,
                                                      std::size_t levels_around) {
    cooperative_yield own_turn;
    boost::json::stream_parser parser{{}, options_for(levels_around)};
    boost::system::error_code failure;
    while (!failure && !text.empty()) {
        const auto piece = text.substr(0, max_bytes_per_step);
        parser.write(piece.data(), piece.size(), failure);
        text.remove_prefix(piece.size());
        co_await own_turn.yield_if_due();
    }
    if (!failure)
        parser.finish(failure);
    if (failure)
        co_return parse_error(failure, subject);
    co_return parser.release();
}

awaitable<result<boost::json::value>> parse_json(std::string_view text, std::string_view subject, std::size_t levels_around) {
    if (text.size() <= max_bytes_per_step)
        co_return parse_in_one_step(text, subject, levels_around);
    co_return co_await parse_in_pieces(text, subject, levels_around);
}

result<boost::json::object> object_of(result<boost::json::value> value, std::string_view subject) {
    if (!value)
        return value.error();
    if (!value->is_object())
        return malformed(std::string{subject} + " must be a JSON object");
    return std::move(value->get_object());
}

/// Returns an empty object if the member is absent or null.
result<boost::json::object> take_object(boost::json::object& members, std::string_view name) {
    auto* found = members.if_contains(name);
    if (!found || found->is_null())
        return boost::json::object{};
    if (!found->is_object())
        return malformed("\"" + std::string{name} + "\" must be an object");
    return std::move(found->get_object());
}

/// Returns the object in a parameter of the query string; an empty object if the parameter is absent, empty or `null`.
result<boost::json::object> parse_parameter(const std::optional<std::string>& text, std::string_view name) {
    if (!text || text->empty() || *text == "null")
        return boost::json::object{};
    const auto subject = "\"" + std::string{name} + "\"";
    constexpr std::size_t levels_around_variables = 0; // the parameter is itself the object with the variables
    // A query string is short, so its parameters are parsed in one step.
    return object_of(parse_in_one_step(*text, subject, levels_around_variables), subject);
}

/// If one request is malformed, the whole batch is refused before any of its requests runs.
result<received_body> read_batch(boost::json::array& elements) {
    if (elements.empty())
        return malformed("the batch has no request");
    received_body batch{.requests = {}, .is_batch = true};
    for (auto& each : elements) {
        const auto request_name = "request " + std::to_string(batch.requests.size() + 1) + " of the batch";
        if (!each.is_object())
            return malformed(request_name + " must be a JSON object");
        auto read = read_parameters(each.get_object());
        if (!read)
            return malformed(request_name + ": " + read.error().detail);
        batch.requests.push_back(*std::move(read));
    }
    return batch;
}

/// In the extension `persistedQuery`, Apollo clients send an object with the hash of a document.
bool has_persisted_query(const boost::json::object& extensions) {
    const auto* found = extensions.if_contains("persistedQuery");
    return found && found->is_object();
}

/// Reads the extension `idempotencyKey`; empty if it is absent or null. Errors: malformed.
result<std::optional<std::string>> read_key_extension(const boost::json::object& extensions) {
    const auto* found = extensions.if_contains("idempotencyKey");
    if (!found || found->is_null())
        return std::optional<std::string>{};
    if (!found->is_string())
        return malformed("\"extensions.idempotencyKey\" must be a string");
    auto key = idempotency::parse_key(found->get_string());
    if (!key)
        return malformed("\"extensions.idempotencyKey\": " + key.error().detail);
    return std::optional{*std::move(key)};
}

/// Apollo clients recognize this message or this code, and then send whole documents instead of hashes.
graphql::refusal persisted_queries_not_supported() {
    return {graphql::refusal_reason::operation,
            error_body({.code = errc::malformed, .detail = "PersistedQueryNotSupported"}, "PERSISTED_QUERY_NOT_SUPPORTED")};
}

} // namespace

awaitable<result<boost::json::object>> parse_object(std::string_view text, std::string_view subject,
                                                    std::size_t levels_around) {
    auto value = co_await parse_json(text, subject, levels_around);
    co_return object_of(std::move(value), subject);
}

result<received_request> read_query_string(const http::request& q) {
    auto fields = http::read_query(q);
    const auto query = fields.text("query");
    const auto operation = fields.text("operationName");
    const auto variables_text = fields.text("variables");
    const auto extensions_text = fields.text("extensions");
    if (const auto complete = fields.finish(); !complete)
        return complete.error();
    const auto extensions = parse_parameter(extensions_text, "extensions");
    const bool is_persisted_query = !query && extensions && has_persisted_query(*extensions);
    if (!query && !is_persisted_query)
        return malformed("\"query\" is missing");

    auto variables = parse_parameter(variables_text, "variables");
    if (!variables)
        return variables.error();
    if (!extensions)
        return extensions.error();

    received_request read;
    read.is_persisted_query = is_persisted_query;
    read.query = query.value_or("");
    if (operation && !operation->empty())
        read.operation_name = *operation;
    read.variables = *std::move(variables);
    return read;
}

awaitable<result<received_body>> read_json_body(std::string_view body, bool with_batches) {
    if (body.empty())
        co_return malformed("the body is empty");
    if (!is_utf8(body))
        co_return malformed("the body is not UTF-8");
    const bool is_array = body.find_first_not_of(" \t\r\n") == body.find('[');
    const std::size_t levels_around_variables = is_array ? 2 : 1;
    auto read = co_await parse_json(body, "the body", levels_around_variables);
    if (!read)
        co_return read.error();
    if (with_batches && read->is_array())
        co_return read_batch(read->get_array());
    if (!read->is_object())
        co_return malformed("the body must be a JSON object");
    auto request = read_parameters(read->get_object());
    if (!request)
        co_return request.error();
    received_body one;
    one.requests.push_back(*std::move(request));
    co_return one;
}

result<received_request> read_parameters(boost::json::object& members) {
    const auto* query = members.if_contains("query");
    if (query && !query->is_string())
        return malformed("\"query\" must be a string");
    auto extensions = take_object(members, "extensions");
    const bool is_persisted_query = !query && extensions && has_persisted_query(*extensions);
    if (!query && !is_persisted_query)
        return malformed("\"query\" is missing");
    const auto* operation = members.if_contains("operationName");
    if (operation && !operation->is_string() && !operation->is_null())
        return malformed("\"operationName\" must be a string");
    auto variables = take_object(members, "variables");
    if (!variables)
        return variables.error();
    if (!extensions)
        return extensions.error();
    auto key = read_key_extension(*extensions);
    if (!key)
        return key.error();

    received_request read;
    read.is_persisted_query = is_persisted_query;
    read.idempotency_key = *std::move(key);
    if (query)
        read.query = query->get_string();
    if (operation && operation->is_string())
        read.operation_name = std::string{operation->get_string()};
    read.variables = *std::move(variables);
    return read;
}

boost::system::result<graphql::operation, graphql::refusal> prepare(const graphql::engine& engine, const received_request& r) {
    graphql::usage own_usage;
    return prepare(engine, r, own_usage);
}

boost::system::result<graphql::operation, graphql::refusal> prepare(const graphql::engine& engine, const received_request& r,
                                                                    graphql::usage& batch_usage) {
    if (r.is_persisted_query)
        return persisted_queries_not_supported();
    return engine.prepare(r, batch_usage);
}

std::string error_body(const error& e, std::string_view code) {
    std::string body;
    json_writer out{body};
    out.begin_object().key("errors").begin_array().begin_object().key("message").value(e.detail);
    out.key("extensions").begin_object().key("code").value(code);
    if (e.retry_after.count() > 0)
        out.key("retryAfter").value(std::int64_t{e.retry_after.count()});
    out.end_object();
    out.end_object().end_array().end_object();
    return body;
}

} // namespace atrium::graphql_http
