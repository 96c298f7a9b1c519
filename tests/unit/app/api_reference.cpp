#include "api_reference.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>
#include <string_view>

namespace atrium::app {
namespace {

namespace json = boost::json;

constexpr std::string_view api_introduction = R"(# API reference

All routes of Atrium. This page is rendered from `/openapi.json`, which a running server serves. To
render it again, run `ATRIUM_RENDER=1 build/release/tests/unit/app/settings_test`. Lists are
explained in [lists.md](lists.md), repeated requests and limits in [http.md](http.md), the scopes of
clients in [access.md](access.md), and GraphQL in [graphql.md](graphql.md). The events are listed in
[events-reference.md](events-reference.md).

)"; // style: as is

constexpr std::string_view event_introduction = R"(# Event reference

The events of Atrium's modules. This page is rendered from `/asyncapi.json`, which a running server
serves. To render it again, run `ATRIUM_RENDER=1 build/release/tests/unit/app/settings_test`.
[events.md](events.md) explains what is promised about events, and [rabbitmq.md](rabbitmq.md) what
they look like at RabbitMQ.
)";

std::string string_of(const json::value& text) {
    return std::string{text.as_string()};
}

/// The text of the member `name` of an object, or an empty text if the object has no such member.
std::string text_in(const json::value& object, std::string_view name) {
    const auto* found = object.as_object().if_contains(name);
    return found ? string_of(*found) : std::string{};
}

std::string code(const std::string& text) {
    return "`" + text + "`";
}

/// Escapes the bars in a text, so that the text fits into one cell of a table.
std::string cell(std::string text) {
    for (auto i = text.find('|'); i != std::string::npos; i = text.find('|', i + 2))
        text.insert(i, "\\");
    return text;
}

/// Wraps prose at 100 columns.
std::string wrap(const std::string& text) {
    constexpr std::size_t max_width = 100;
    std::string out;
    std::size_t width = 0;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto end = std::min(text.find(' ', begin), text.size());
        const auto word = text.substr(begin, end - begin);
        begin = end + 1;
        if (word.empty())
            continue;
        if (width > 0 && width + 1 + word.size() > max_width) {
            out += '\n';
            width = 0;
        }
        out.append(width > 0 ? " " : "").append(word);
        width += word.size() + (width > 0 ? 1 : 0);
    }
    return out + "\n";
}

/// The last name of a reference: "User" of "#/components/schemas/User".
std::string name_in(const json::value& reference) {
    const auto pointer = string_of(reference.at("$ref"));
    return pointer.substr(pointer.rfind('/') + 1);
}

bool is_reference(const json::value& object) {
    return object.as_object().contains("$ref");
}

std::string join(const json::array& values, std::string_view separator) {
    std::string all;
    for (const auto& each : values)
        all.append(all.empty() ? "" : separator).append(each.is_string() ? string_of(each) : json::serialize(each));
    return all;
}

/// The type of a schema as text, such as "integer (1 to 1000)" or "list of [User](#user)".
std::string type_of(const json::value& schema);

std::string limits_of(const json::object& schema) {
    const auto number = [&](std::string_view name) {
        const auto* found = schema.if_contains(name);
        return found ? json::serialize(*found) : std::string{};
    };
    const auto range = [](const std::string& min, const std::string& max, const std::string& unit) {
        if (!min.empty() && !max.empty())
            return min + " to " + max + unit;
        return !max.empty() ? "at most " + max + unit : !min.empty() ? "at least " + min + unit : std::string{};
    };
    auto text = range(number("minimum"), number("maximum"), "");
    text += range(number("minLength"), number("maxLength"), " characters");
    if (const auto* value = schema.if_contains("default"))
        text += (text.empty() ? "" : "; ") + std::string{"default "} +
                (value->is_string() ? string_of(*value) : json::serialize(*value));
    return text.empty() ? text : " (" + text + ")";
}

std::string plain_type_of(const json::object& schema) {
    if (const auto* words = schema.if_contains("enum"))
        return "`" + join(words->as_array(), "`, `") + "`";
    if (const auto* value = schema.if_contains("const"))
        return "`" + json::serialize(*value) + "`";
    if (const auto* items = schema.if_contains("items"))
        return "list of " + type_of(*items);
    if (const auto* options = schema.if_contains("oneOf")) {
        std::string all;
        for (const auto& each : options->as_array())
            all.append(all.empty() ? "" : " or ").append(type_of(each));
        return all;
    }
    const auto* type = schema.if_contains("type");
    if (!type)
        return "any";
    const auto name = type->is_array() ? join(type->as_array(), " or ") : string_of(*type);
    const auto* format = schema.if_contains("format");
    return format && *format != "int64" ? name + ", " + string_of(*format) : name;
}

std::string type_of(const json::value& schema) {
    if (is_reference(schema))
        return "[" + name_in(schema) + "](#" + [&] {
            auto anchor = name_in(schema);
            std::ranges::transform(anchor, anchor.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            return anchor;
        }() + ")";
    return plain_type_of(schema.as_object()) + limits_of(schema.as_object());
}

bool is_required(const json::value& schema, std::string_view name) {
    const auto* required = schema.as_object().if_contains("required");
    if (!required)
        return false;
    const auto& names = required->as_array();
    return std::find(names.begin(), names.end(), json::value(name)) != names.end();
}

/// A table of the members of an object. If the schema has no properties, one line with its type instead.
std::string members_of(const json::value& schema) {
    const auto* properties = schema.as_object().if_contains("properties");
    if (!properties)
        return "Type: " + type_of(schema) + ".\n";
    std::string table = "| member | type | required | meaning |\n|---|---|---|---|\n";
    for (const auto& [name, property] : properties->as_object())
        table += "| " + code(std::string{name}) + " | " + cell(type_of(property)) + " | " +
                 (is_required(schema, name) ? "yes" : "") + " | " + cell(text_in(property, "description")) + " |\n";
    return table;
}

class api_page {
public:
    explicit api_page(const json::value& document) : document_{document} {}

    std::string render() {
        out_ = api_introduction;
        out_ += wrap(
            text_in(document_.at("info"), "description").substr(0, text_in(document_.at("info"), "description").find('\n')));
        add_common_errors();
        for (const auto& tag : document_.at("tags").as_array())
            add_tag(string_of(tag.at("name")));
        add_schemas();
        return out_;
    }

private:
    const json::object& paths() const { return document_.at("paths").as_object(); }

    const json::value& resolve(std::string_view kind, const json::value& object) const {
        return is_reference(object) ? document_.at("components").at(kind).at(name_in(object)) : object;
    }

    static bool is_operation(std::string_view member) { return !member.starts_with("x-"); }

    /// Calls `visit` for each response of each operation, with its status and the response.
    void visit_responses(const auto& visit) const {
        for (const auto& path : paths())
            for (const auto& operation : path.value().as_object())
                if (is_operation(operation.key()))
                    for (const auto& response : operation.value().at("responses").as_object())
                        visit(std::string{response.key()}, response.value());
    }

    /// The names of the shared responses that every operation has, by status.
    std::map<std::string, std::string> find_common() const {
        std::size_t operations = 0;
        for (const auto& path : paths())
            for (const auto& each : path.value().as_object())
                operations += is_operation(each.key()) ? 1U : 0U;
        std::map<std::string, std::size_t> counts;
        std::map<std::string, std::string> names;
        visit_responses([&](const std::string& status, const json::value& response) {
            ++counts[status];
            if (is_reference(response))
                names[status] = name_in(response);
        });
        std::erase_if(names, [&](const auto& each) { return counts[each.first] < operations; });
        return names;
    }

    void add_common_errors() {
        common_ = find_common();
        out_ += "\n## Errors of every route\n\n" +
                wrap("Any route may return these, with a body of the type [Problem](#problem). They are not repeated below.") +
                "\n| status | meaning |\n|---|---|\n";
        for (const auto& [status, name] : common_)
            out_ += "| " + status + " | " + cell(text_in(document_.at("components").at("responses").at(name), "description")) +
                    " |\n";
    }

    void add_tag(const std::string& tag) {
        out_ += "\n## Routes: " + tag + "\n";
        for (const auto& path : paths())
            for (const auto& operation : path.value().as_object())
                if (is_operation(operation.key()) && operation.value().at("tags").at(0) == json::value(tag))
                    add_operation(std::string{path.key()}, std::string{operation.key()}, operation.value());
    }

    void add_operation(const std::string& path, std::string method, const json::value& operation) {
        std::ranges::transform(method, method.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        out_ += "\n### " + method + " " + path + "\n\n" + wrap(text_in(operation, "summary") + ". " + access_of(operation));
        if (const auto text = text_in(operation, "description"); !text.empty())
            out_ += "\n" + wrap(text);
        add_parameters(operation);
        add_body(operation);
        add_responses(operation);
    }

    static std::string access_of(const json::value& operation) {
        const auto& security = operation.at("security").as_array();
        if (security.empty())
            return "Open.";
        const auto& scopes = security.front().at("token").as_array();
        return scopes.empty() ? "Any valid credential." : "Scope " + code(string_of(scopes.front())) + ".";
    }

    void add_parameters(const json::value& operation) {
        const auto* parameters = operation.as_object().if_contains("parameters");
        if (!parameters)
            return;
        out_ += "\n| parameter | in | type | meaning |\n|---|---|---|---|\n";
        for (const auto& each : parameters->as_array()) {
            const auto& parameter = resolve("parameters", each);
            out_ += "| " + code(text_in(parameter, "name")) + " | " + text_in(parameter, "in") + " | " +
                    cell(type_of(parameter.at("schema"))) + " | " + cell(text_in(parameter, "description")) + " |\n";
        }
    }

    void add_body(const json::value& operation) {
        const auto* body = operation.as_object().if_contains("requestBody");
        if (!body)
            return;
        const auto& content = body->at("content").as_object();
        std::string types;
        for (const auto& each : content)
            types.append(types.empty() ? "" : ", ").append(code(std::string{each.key()}));
        out_ += "\n" + wrap("Body" + std::string{body->at("required") == true ? "" : " (optional)"} + ": " +
                            inline_type(content.begin()->value().at("schema")) + ", as " + types + ".");
        if (const auto& schema = content.begin()->value().at("schema");
            !is_reference(schema) && schema.as_object().contains("properties"))
            out_ += "\n" + members_of(schema);
    }

    static std::string inline_type(const json::value& schema) {
        return !is_reference(schema) && schema.as_object().contains("properties") ? "an object" : type_of(schema);
    }

    void add_responses(const json::value& operation) {
        out_ += "\n| status | body | meaning |\n|---|---|---|\n";
        for (const auto& [status, each] : operation.at("responses").as_object()) {
            if (is_reference(each) && common_.contains(std::string{status}))
                continue;
            const auto& response = resolve("responses", each);
            out_ += "| " + std::string{status} + " | " + cell(bodies_of(response)) + " | " +
                    cell(text_in(response, "description")) + headers_of(response) + " |\n";
        }
    }

    static std::string bodies_of(const json::value& response) {
        const auto* content = response.as_object().if_contains("content");
        if (!content)
            return {};
        std::string all;
        for (const auto& [type, body] : content->as_object()) {
            const auto text = std::string_view{type} == "application/json"           ? inline_type(body.at("schema"))
                              : std::string_view{type} == "application/problem+json" ? std::string{"[Problem](#problem)"}
                                                                                     : code(std::string{type});
            if (all.find(text) == std::string::npos)
                all.append(all.empty() ? "" : " or ").append(text);
        }
        return all;
    }

    /// The headers of this response, except those that every response has.
    static std::string headers_of(const json::value& response) {
        std::string names;
        for (const auto& each : response.at("headers").as_object())
            if (each.key() != "X-Request-Id" && !std::string_view{each.key()}.starts_with("RateLimit"))
                names.append(names.empty() ? " Headers: " : ", ").append(code(std::string{each.key()}));
        return names.empty() ? names : names + ".";
    }

    void add_schemas() {
        out_ += "\n## Types\n";
        for (const auto& [name, schema] : document_.at("components").at("schemas").as_object()) {
            out_ += "\n### " + std::string{name} + "\n\n";
            if (const auto text = text_in(schema, "description"); !text.empty())
                out_ += wrap(text) + "\n";
            out_ += members_of(schema);
        }
    }

    const json::value& document_;
    std::map<std::string, std::string> common_;
    std::string out_;
};

/// The summaries of those operations of a topic that have this action, which is "send" or "receive".
std::string operations_of(const json::value& document, const std::string& topic, std::string_view action) {
    std::string all;
    for (const auto& each : document.at("operations").as_object())
        if (each.value().at("action") == json::value(action) && name_in(each.value().at("channel")) == topic)
            all.append(all.empty() ? "" : " ").append(text_in(each.value(), "summary"));
    return all;
}

} // namespace

std::string render_api_reference(const json::value& openapi) {
    return api_page{openapi}.render();
}

std::string render_event_reference(const json::value& asyncapi) {
    std::string out{event_introduction};
    for (const auto& channel : asyncapi.at("channels").as_object()) {
        const std::string topic{channel.key()};
        const auto& message = asyncapi.at("components").at("messages").at(topic);
        const auto text = text_in(message, "summary") + " " + operations_of(asyncapi, topic, "send") + " " +
                          operations_of(asyncapi, topic, "receive");
        out += "\n## " + topic + "\n\n" + wrap(text) + "\n" + members_of(asyncapi.at("components").at("schemas").at(topic));
    }
    return out;
}

} // namespace atrium::app
