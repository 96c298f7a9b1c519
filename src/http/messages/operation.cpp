#include <http/operation.hpp>

#include <utility>

namespace atrium::http {

std::string schema_named(std::string_view name) {
    return R"({"$ref":"#/components/schemas/)" + std::string{name} + "\"}";
}

std::string array_of(std::string_view name) {
    return R"({"type":"array","items":)" + schema_named(name) + "}";
}

described_response described_json(http::status s, std::string description, std::string schema,
                                  std::vector<std::string_view> headers) {
    return {.status = s,
            .description = std::move(description),
            .contents = {{json_type, std::move(schema)}},
            .headers = std::move(headers)};
}

request_body body_of_fields(std::string schema) {
    return {.contents = {{json_type, schema}, {"application/x-www-form-urlencoded", schema}, {"multipart/form-data", schema}}};
}

parameter in_path(std::string name, std::string description, std::string schema) {
    return {.name = std::move(name),
            .description = std::move(description),
            .schema = std::move(schema),
            .position = parameter::place::path,
            .is_required = true};
}

} // namespace atrium::http
