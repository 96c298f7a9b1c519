#include "checker.hpp"

#include <base/json_writer.hpp>
#include <graphql/parser.hpp>
#include <graphql/sdl.hpp>
#include <graphql/validation.hpp>

#include <boost/json.hpp>

#include <stdexcept>
#include <utility>

namespace atrium {
namespace {

/// The string at `key`; empty if the member is absent or null. Throws if it is not a string.
std::optional<std::string_view> optional_text(const boost::json::object& request, std::string_view key) {
    const auto* const found = request.if_contains(key);
    if (!found || found->is_null())
        return std::nullopt;
    if (!found->is_string())
        throw std::runtime_error{std::string{key} + " is not a string"};
    return std::string_view{found->get_string()};
}

std::string report(std::string_view kind, const graphql::located_errors& errors) {
    std::string text;
    json_writer json{text};
    json.begin_object().key(kind).begin_array();
    for (const auto& error : errors) {
        json.begin_object().key("message").value(error.message).key("locations").begin_array();
        for (const auto& [line, column] : error.locations)
            json.begin_object().key("line").value(std::int64_t{line}).key("column").value(std::int64_t{column}).end_object();
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return text;
}

} // namespace

std::string checker::answer(std::string_view line) {
    boost::json::error_code parse_error;
    const auto request = boost::json::parse(line, parse_error);
    if (parse_error || !request.is_object())
        throw std::runtime_error{parse_error ? parse_error.message() : "the request is not an object"};
    const auto sdl = optional_text(request.get_object(), "schema");
    const auto text = optional_text(request.get_object(), "document");
    if (!text)
        throw std::runtime_error{"the request has no document"};

    const auto* const schema = sdl ? &schema_of(*sdl) : nullptr;
    if (schema && !*schema)
        return report("schemaErrors", schema->error());
    const auto document = graphql::parse(std::string{*text});
    if (!document)
        return report("errors", {document.error()});
    return report("errors", schema ? graphql::validate(**schema, *document) : graphql::located_errors{});
}

const checker::built_schema& checker::schema_of(std::string_view sdl) {
    if (schema_ && sdl == sdl_)
        return *schema_;
    sdl_ = sdl;
    auto definitions = graphql::parse(sdl_);
    if (definitions)
        schema_.emplace(graphql::build_schema(std::move(*definitions)));
    else
        schema_.emplace(graphql::located_errors{definitions.error()});
    return *schema_;
}

} // namespace atrium
