#include "bindings.hpp"
#include "declared.hpp"
#include "leaves.hpp"
#include "types/values.hpp"

#include <graphql/executable_schema.hpp>
#include <graphql/parser.hpp>
#include <graphql/schema_builder.hpp>
#include <graphql/sdl.hpp>

#include <boost/core/demangle.hpp>

#include <stdexcept>

namespace atrium::graphql {
namespace {

/// Checks the input of a custom scalar with the function that its module has declared.
class custom_input final : public scalar_input {
public:
    using check = std::function<std::optional<std::string>(const boost::json::value&)>;

    explicit custom_input(check c) : check_{std::move(c)} {}

    boost::system::result<boost::json::value, std::string> from_literal(const ast::value& literal) const override {
        return from_variable(untyped_value(literal));
    }
    boost::system::result<boost::json::value, std::string> from_variable(const boost::json::value& value) const override {
        if (auto fault = check_(value))
            return {boost::system::in_place_error, *std::move(fault)};
        return value;
    }

private:
    check check_;
};

/// The line of the source with this number, counted from 1.
std::string_view line_of(std::string_view source, std::uint32_t number) {
    for (; number > 1; --number)
        source.remove_prefix(std::min(source.find('\n'), source.size() - 1) + 1);
    return source.substr(0, source.find('\n'));
}

[[noreturn]] void throw_invalid_schema(std::string_view source, const located_errors& errors) {
    std::string text = "the GraphQL schema declared by the modules is invalid:";
    for (const auto& e : errors) {
        text += "\n  " + e.message;
        if (!e.locations.empty())
            text.append("  in: ").append(line_of(source, e.locations.front().line));
    }
    throw std::logic_error{text};
}

} // namespace

schema_builder::schema_builder() : declarations_{std::make_unique<detail::declarations>()} {
    for (const auto* name : {"Query", "Mutation", "Subscription"})
        declare_object(name, {}, typeid(root), false);
}

schema_builder::~schema_builder() = default;
schema_builder::schema_builder(schema_builder&&) noexcept = default;

void schema_builder::define(std::string_view sdl) {
    declarations_->sdl.append(sdl).push_back('\n');
}

detail::declared_object& schema_builder::declare_object(std::string name, std::string description, std::type_index row,
                                                        bool is_defined_elsewhere) {
    auto& object = find_or_add_object(name);
    if (object.row != typeid(void) && row != object.row)
        throw std::logic_error{"the GraphQL type " + name + " is declared twice, with rows of different C++ types"};
    object.description = std::move(description);
    object.row = row;
    object.is_defined_elsewhere = is_defined_elsewhere;
    return object;
}

detail::declared_object& schema_builder::find_or_add_object(std::string name) {
    const auto [entry, is_new] = declarations_->objects.try_emplace(name);
    if (is_new) {
        entry->second.name = name;
        declarations_->object_order.push_back(std::move(name));
    }
    return entry->second;
}

void schema_builder::declare_enumeration(std::string name, std::string_view description, bool is_defined_elsewhere,
                                         std::vector<detail::enum_word> words, const content_type& type,
                                         void (*assigner)(void* target, std::int64_t number)) {
    const auto names = std::make_shared<const detail::enum_names>(detail::enum_names{std::move(name), std::move(words)});
    declarations_->leaves.push_back(
        {names->type, is_defined_elsewhere ? std::string{} : detail::enum_declaration(*names, description), *type.id,
         detail::enum_writer(type, names), [names, assigner](const boost::json::value& input, void* target) {
             assigner(target, detail::read_enum(*names, input));
         }});
}

void schema_builder::declare_scalar(std::string name, std::string_view description, std::string_view specified_by_url,
                                    std::type_index type, detail::scalar_functions functions) {
    auto declaration = detail::scalar_declaration(name, description, specified_by_url);
    const auto& read = functions.read;
    declarations_->leaves.push_back({std::move(name), std::move(declaration), type,
                                     detail::custom_writer(std::move(functions.write)), read,
                                     [read](const boost::json::value& input) { return read(input, nullptr); }});
}

void schema_builder::enforce_access() {
    declarations_->enforces_access = true;
}

executable_schema schema_builder::build() && {
    const auto source = detail::to_sdl(*declarations_);
    auto definitions = parse(source);
    if (!definitions)
        throw_invalid_schema(source, {definitions.error()});

    scalar_inputs inputs;
    for (const auto& leaf : declarations_->leaves)
        if (leaf.check)
            inputs.emplace(leaf.name, std::make_shared<custom_input>(leaf.check));

    auto schema = build_schema(*std::move(definitions), inputs);
    if (!schema)
        throw_invalid_schema(source, schema.error());
    auto bindings = detail::bind(*schema, *declarations_);
    return {*std::move(schema), std::move(bindings)};
}

field_options& field_options::paged(std::string first, std::string last, std::size_t default_size) {
    field_.page = {std::move(first), std::move(last), default_size};
    return *this;
}

field_options& field_options::scope(std::string name) {
    field_.requirement = access::requirement::for_scope(std::move(name));
    return *this;
}

field_options& field_options::any_principal() {
    field_.requirement = access::requirement::any_principal();
    return *this;
}

field_options& field_options::reads_members(std::vector<member_id> members) {
    field_.reads = std::move(members);
    return *this;
}

executable_schema::executable_schema(graphql::schema s, std::unique_ptr<const detail::bindings> b)
    : schema_{std::move(s)}, bindings_{std::move(b)} {}
executable_schema::~executable_schema() = default;
executable_schema::executable_schema(executable_schema&&) noexcept = default;
executable_schema& executable_schema::operator=(executable_schema&&) noexcept = default;

namespace detail {

declared_field& add_field(declared_object& object, std::string signature, std::string description, std::type_index row,
                          resolver r) {
    return object.fields.emplace_back(
        declared_field{std::move(signature), std::move(description), std::make_shared<const resolver>(std::move(r)), row});
}

void add_interface(declared_object& object, std::string name) {
    object.interfaces.push_back(std::move(name));
}

void add_key(declared_object& object, row_key key) {
    object.keys.push_back(std::make_unique<const row_key>(std::move(key)));
}

void set_scope(declared_object& object, std::string scope) {
    object.requirement = access::requirement::for_scope(std::move(scope));
}

void throw_not_copyable(const std::type_info& type) {
    throw std::logic_error{"values of the C++ type " + boost::core::demangle(type.name()) +
                           " must be copied, but are not copyable"};
}

} // namespace detail
} // namespace atrium::graphql
