#include "declared.hpp"

#include <base/json_writer.hpp>

namespace atrium::graphql::detail {
namespace {

/// Appends a GraphQL string, whose escapes are those of JSON.
void append_description(std::string& sdl, std::string_view description, std::string_view indent) {
    if (description.empty())
        return;
    sdl += indent;
    json_writer{sdl}.value(description);
    sdl += '\n';
}

/// Whether the signature of the field declares it in SDL. The signature of a field that is defined elsewhere is only its name.
bool is_declaration(const declared_field& f) {
    return f.signature.size() != name_of_signature(f.signature).size();
}

/// The description for clients, which ends with the scope that they need.
std::string description_of(const declared_field& f) {
    auto text = f.description;
    if (!f.requirement.scope().empty())
        text += (text.empty() ? "Needs the scope `" : " Needs the scope `") + f.requirement.scope() + "`.";
    return text;
}

void append(std::string& sdl, const declared_object& object, bool with_scopes) {
    std::string fields;
    for (const auto& field : object.fields) {
        if (!is_declaration(field))
            continue;
        append_description(fields, with_scopes ? description_of(field) : field.description, "    ");
        fields += "    " + field.signature + '\n';
    }
    if (fields.empty() && (object.is_defined_elsewhere || object.row == typeid(root)))
        return;
    if (object.is_defined_elsewhere)
        sdl += "extend ";
    else
        append_description(sdl, object.description, "");
    sdl += "type " + object.name;
    for (std::size_t i = 0; i < object.interfaces.size(); ++i)
        sdl += (i == 0 ? " implements " : " & ") + object.interfaces[i];
    sdl += " {\n" + fields + "}\n";
}

} // namespace

std::string_view name_of_signature(std::string_view signature) noexcept {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    return signature.substr(0, signature.find_first_not_of(letters));
}

std::string to_sdl(const declarations& declared) {
    auto sdl = declared.sdl;
    for (const auto& leaf : declared.leaves)
        sdl += leaf.declaration;
    for (const auto& name : declared.object_order)
        append(sdl, declared.objects.find(name)->second, declared.enforces_access);
    return sdl;
}

std::string enum_declaration(const enum_names& names, std::string_view description) {
    std::string sdl;
    append_description(sdl, description, "");
    sdl += "enum " + names.type + " {\n";
    for (const auto& value : names.values) {
        append_description(sdl, value.description, "    ");
        sdl += "    " + value.name + '\n';
    }
    return sdl + "}\n";
}

std::string scalar_declaration(std::string_view name, std::string_view description, std::string_view specified_by_url) {
    std::string sdl;
    append_description(sdl, description, "");
    sdl += "scalar " + std::string{name};
    if (!specified_by_url.empty()) {
        sdl += " @specifiedBy(url: ";
        json_writer{sdl}.value(specified_by_url);
        sdl += ')';
    }
    return sdl + '\n';
}

} // namespace atrium::graphql::detail
