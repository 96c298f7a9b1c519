#include "bindings.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::graphql::detail {
namespace {

bool is_introspection_name(std::string_view name) {
    return name.starts_with("__");
}

/// Checks each resolver against its field and collects the errors.
class binder {
public:
    binder(const schema& s, declarations& declared) : schema_{s}, declarations_{declared} {}

    std::unique_ptr<const bindings> bind() {
        for (const auto& leaf : declarations_.leaves)
            if (leaf.read)
                bindings_->readers.emplace(leaf.type, leaf.read);
        for (const auto& name : declarations_.object_order)
            bind_object(declarations_.objects.find(name)->second);
        for (const auto* type : schema_.types())
            if (type->kind == type_kind::object && !is_introspection_name(type->name))
                expect_resolvers(*type);
        if (!faults_.empty())
            throw std::logic_error{"the GraphQL schema does not match its C++ declarations:" + faults_};
        for (auto& [name, object] : declarations_.objects)
            std::ranges::move(object.keys, std::back_inserter(bindings_->keys));
        return std::move(bindings_);
    }

private:
    void add_fault(const std::string& where, const std::string& fault) { faults_ += "\n  " + where + ": " + fault; }

    void bind_object(const declared_object& object) {
        const auto* type = schema_.find_type(object.name);
        if (object.row == typeid(void))
            return add_fault(object.name, "a module adds fields to this type, but no module declares it");
        for (const auto& declared : object.fields) {
            const auto name = name_of_signature(declared.signature);
            const auto where = object.name + '.' + std::string{name};
            const auto* field = type && type->kind == type_kind::object ? schema_.find_field(*type, name) : nullptr;
            if (!field)
                add_fault(where, "has a resolver, but no definition");
            else if (bindings_->fields.contains(field))
                add_fault(where, "has two resolvers");
            else
                bindings_->fields.emplace(field, bind_field(where, object, declared, *field));
        }
    }

    field_binding bind_field(const std::string& where, const declared_object& object, const declared_field& declared,
                             const field& f) {
        field_binding binding{declared.resolver};
        const bool is_of_subscription = schema_.root(ast::operation_type::subscription) == schema_.find_type(object.name);
        if ((binding.for_stream() != nullptr) != is_of_subscription)
            add_fault(where, is_of_subscription
                                 ? "its resolver must return an event_source, because it is a field of the subscription type"
                                 : "its resolver returns an event_source, but only fields of the subscription type may do so");
        if (declared.row != object.row) {
            binding.key = find_key(object, declared.row);
            if (!binding.key)
                add_fault(where,
                          "its resolver takes a C++ type that is neither the row of " + object.name + " nor a key of it");
        }
        binding.page = declared.page;
        binding.reads = reads_of(binding, declared);
        for (const auto& argument : {binding.page.first, binding.page.last})
            if (!argument.empty() && !f.find_argument(argument))
                add_fault(where, "its page size uses an argument that it does not have: " + argument);
        bind_values(where, binding, *f.type);
        if (declarations_.enforces_access)
            bind_access(where, binding, object, declared, *f.type);
        return binding;
    }

    static member_set reads_of(const field_binding& binding, const declared_field& declared) {
        if (declared.row == typeid(root))
            return {};
        if (!binding.key && !declared.reads && !binding.member())
            return member_set::of_all();
        member_set reads;
        if (binding.key)
            reads.add(binding.key->member);
        else if (declared.reads)
            for (const auto& member : *declared.reads)
                reads.add(member);
        else
            reads.add(member_id{declared.row, binding.member()->bytes});
        return reads;
    }

    void bind_values(const std::string& where, field_binding& binding, const type& t) {
        const auto* values = binding.resolver->type;
        const auto* current = &t;
        while (true) {
            if (current->kind == type_kind::non_null && values->is_nullable)
                return add_fault(where, "is of type " + to_string(t) + ", but its resolver may return null");
            current = &current->nullable();
            if (!values->list)
                break;
            if (current->kind != type_kind::list)
                return add_fault(where, "is of type " + to_string(t) + ", but its resolver returns a list");
            current = current->of_type;
            values = values->list->items;
        }
        if (current->kind == type_kind::list)
            return add_fault(where, "is of type " + to_string(t) + ", but its resolver does not return a list");

        const auto contents = values->contents;
        if (contents.size() == 1 && *contents.front()->id == typeid(reference) && current->is_composite()) {
            binding.returns_references = true;
            binding.values = bind_references(*current);
            return;
        }
        for (const auto* content : contents)
            binding.values.push_back(current->is_leaf() ? bind_leaf(where, *content, *current)
                                                        : bind_row(where, *content, *current));
    }

    value_binding bind_leaf(const std::string& where, const content_type& values, const type& t) {
        for (const auto& leaf : declarations_.leaves)
            if (leaf.name == t.name && leaf.type == *values.id)
                return {leaf.writer};
        value_binding binding{standard_writer(values, t.name)};
        if (!binding.write && t.kind == type_kind::enumeration)
            binding.write = standard_writer(values, "String"); // introspection represents the values of its enums as strings
        if (!binding.write)
            add_fault(where, std::string{"its resolver returns a C++ type that cannot be written as "} + t.name + ": " +
                                 boost::core::demangle(values.id->name()));
        return binding;
    }

    /// The requirement of a field is the one that it declares or, if it declares none, that of its type. If this type has the
    /// same requirement as the object that contains the field, the requirement is not checked again.
    void bind_access(const std::string& where, field_binding& binding, const declared_object& object,
                     const declared_field& declared, const type& t) {
        const bool is_introspection = is_introspection_name(name_of_signature(declared.signature));
        if (declared.requirement.is_declared()) {
            binding.requirement = keep(declared.requirement);
        } else if (const auto& inner = t.named(); !inner.is_abstract()) {
            const auto* type = find_declaration(inner);
            if (type && type->requirement.is_declared() && type->requirement != object.requirement)
                binding.requirement = keep(type->requirement);
        }
        if (object.row == typeid(root) && !binding.requirement && !is_introspection)
            add_fault(where, "does not declare what its clients need: add .scope(...) or .any_principal()");
        if (t.named().is_abstract())
            for (auto& value : binding.values)
                bind_access_to_value(where, value);
    }

    void bind_access_to_value(const std::string& where, value_binding& value) {
        const auto* type = value.object ? find_declaration(*value.object) : nullptr;
        if (!type || !type->requirement.is_declared())
            return;
        if (value.key)
            value.requirement = keep(type->requirement);
        else
            add_fault(where, "its resolver returns rows of " + type->name + ", which need a scope; return their keys");
    }

    const access::requirement* keep(const access::requirement& required) {
        return &bindings_->requirements.emplace_back(required);
    }

    /// Finds the object type to which these rows or keys belong, among the possible types of `t`.
    value_binding bind_row(const std::string& where, const content_type& values, const type& t) {
        std::vector<value_binding> rows;
        std::vector<value_binding> keys;
        for (const auto* object : objects_of(t)) {
            const auto* declared = find_declaration(*object);
            if (!declared)
                continue;
            const auto* key = find_key(*declared, *values.id);
            if (declared->row == *values.id)
                rows.push_back({{}, object});
            else if (key && key->load)
                keys.push_back({{}, object, key});
        }
        const auto& found = rows.empty() ? keys : rows;
        if (found.size() == 1)
            return found.front();
        add_fault(where, std::string{found.empty() ? "its resolver returns a C++ type that is neither row nor key of "
                                                   : "its resolver returns a C++ type that matches several object types of "} +
                             t.name + ": " + boost::core::demangle(values.id->name()));
        return {};
    }

    /// Returns a binding for each possible type of `t` whose rows can be loaded by a key.
    std::vector<value_binding> bind_references(const type& t) {
        std::vector<value_binding> value_bindings;
        for (const auto* object : objects_of(t))
            if (const auto* declared = find_declaration(*object))
                if (const auto key = std::ranges::find_if(declared->keys, [](const auto& k) { return k->load != nullptr; });
                    key != declared->keys.end())
                    value_bindings.push_back({{}, object, key->get()});
        return value_bindings;
    }

    std::vector<const type*> objects_of(const type& t) const { return t.is_abstract() ? t.possible_types : std::vector{&t}; }

    const declared_object* find_declaration(const type& object) const {
        const auto found = declarations_.objects.find(object.name);
        return found == declarations_.objects.end() ? nullptr : &found->second;
    }

    static const row_key* find_key(const declared_object& object, std::type_index key) {
        const auto found = std::ranges::find_if(object.keys, [&](const auto& k) { return key == *k->key_type->id; });
        return found == object.keys.end() ? nullptr : found->get();
    }

    void expect_resolvers(const type& object) {
        for (const auto& field : object.fields)
            if (!bindings_->find(field))
                add_fault(object.name + '.' + field.name, "has no resolver");
    }

    const schema& schema_;
    declarations& declarations_;
    std::unique_ptr<bindings> bindings_ = std::make_unique<bindings>();
    std::string faults_;
};

} // namespace

std::unique_ptr<const bindings> bind(const schema& s, declarations& declared) {
    return binder{s, declared}.bind();
}

} // namespace atrium::graphql::detail
