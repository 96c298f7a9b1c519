#include "bindings.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::graphql::detail {
namespace {

bool is_of_introspection(std::string_view name) {
    return name.starts_with("__");
}

/// Checks each resolver against its field and collects the errors.
class binder {
public:
    binder(const schema& s, declarations& all) : schema_{s}, all_{all} {}

    std::unique_ptr<const bindings> bind() {
        for (const auto& leaf : all_.leaves)
            if (leaf.read)
                made_->readers.emplace(leaf.type, leaf.read);
        for (const auto& name : all_.order)
            bind_object(all_.objects.find(name)->second);
        for (const auto* type : schema_.types())
            if (type->kind == type_kind::object && !is_of_introspection(type->name))
                expect_resolvers(*type);
        if (!faults_.empty())
            throw std::logic_error{"the GraphQL schema does not match its C++ declarations:" + faults_};
        for (auto& [name, object] : all_.objects)
            std::ranges::move(object.keys, std::back_inserter(made_->keys));
        return std::move(made_);
    }

private:
    void fault(const std::string& where, const std::string& what) { faults_ += "\n  " + where + ": " + what; }

    void bind_object(const declared_object& object) {
        const auto* type = schema_.find_type(object.name);
        if (object.row == typeid(void))
            return fault(object.name, "gets fields, but no module declares it");
        for (const auto& declared : object.fields) {
            const auto name = name_of_signature(declared.signature);
            const auto where = object.name + '.' + std::string{name};
            const auto* field = type && type->kind == type_kind::object ? schema_.find_field(*type, name) : nullptr;
            if (!field)
                fault(where, "has a resolver, but no definition");
            else if (made_->fields.contains(field))
                fault(where, "has two resolvers");
            else
                made_->fields.emplace(field, bind_field(where, object, declared, *field));
        }
    }

    field_binding bind_field(const std::string& where, const declared_object& object, const declared_field& declared,
                             const field& f) {
        field_binding bound{declared.resolver};
        const bool is_event = schema_.root(ast::operation_type::subscription) == schema_.find_type(object.name);
        if ((bound.for_stream() != nullptr) != is_event)
            fault(where, is_event ? "its resolver does not return an event_source" : "its resolver returns an event_source");
        if (declared.row != object.row) {
            bound.row = key_of(object, declared.row);
            if (!bound.row)
                fault(where, "its resolver takes a C++ type that is neither the row of " + object.name + " nor a key of it");
        }
        bound.page = declared.page;
        bound.reads = reads_of(bound, declared);
        for (const auto& argument : {bound.page.first, bound.page.last})
            if (!argument.empty() && !f.find_argument(argument))
                fault(where, "its page size uses an argument that it does not have: " + argument);
        bind_values(where, bound, *f.type);
        return bound;
    }

    static member_set reads_of(const field_binding& bound, const declared_field& declared) {
        if (declared.row == typeid(root))
            return {};
        if (!bound.row && !declared.reads && !bound.member())
            return member_set::of_all();
        member_set reads;
        if (bound.row)
            reads.add(bound.row->member);
        else if (declared.reads)
            for (const auto& member : *declared.reads)
                reads.add(member);
        else
            reads.add(member_id{declared.row, bound.member()->bytes});
        return reads;
    }

    void bind_values(const std::string& where, field_binding& bound, const type& t) {
        const auto* values = bound.resolver->type;
        const auto* current = &t;
        while (true) {
            if (current->kind == type_kind::non_null && values->is_nullable)
                return fault(where, "is of type " + to_string(t) + ", but its resolver may return null");
            current = &current->nullable();
            if (!values->list)
                break;
            if (current->kind != type_kind::list)
                return fault(where, "is of type " + to_string(t) + ", but its resolver returns a list");
            current = current->of_type;
            values = values->list->items;
        }
        if (current->kind == type_kind::list)
            return fault(where, "is of type " + to_string(t) + ", but its resolver does not return a list");

        const auto contents = values->contents;
        if (contents.size() == 1 && *contents.front()->id == typeid(reference) && current->is_composite()) {
            bound.gives_references = true;
            bound.values = all_references(*current);
            return;
        }
        for (const auto* one : contents)
            bound.values.push_back(current->is_leaf() ? bind_leaf(where, *one, *current) : bind_row(where, *one, *current));
    }

    value_binding bind_leaf(const std::string& where, const content_type& values, const type& t) {
        for (const auto& leaf : all_.leaves)
            if (leaf.name == t.name && leaf.type == *values.id)
                return {leaf.writer};
        value_binding bound{standard_writer(values, t.name)};
        if (!bound.write && t.kind == type_kind::enumeration)
            bound.write = standard_writer(values, "String"); // introspection returns the values of its enums as strings
        if (!bound.write)
            fault(where, std::string{"its resolver returns a C++ type that cannot be written as "} + t.name + ": " +
                             boost::core::demangle(values.id->name()));
        return bound;
    }

    /// Finds the object type, among those that `t` may be, to which these rows or keys belong.
    value_binding bind_row(const std::string& where, const content_type& values, const type& t) {
        std::vector<value_binding> rows;
        std::vector<value_binding> keys;
        for (const auto* object : objects_of(t)) {
            const auto* declared = declared_as(*object);
            if (!declared)
                continue;
            const auto* key = key_of(*declared, *values.id);
            if (declared->row == *values.id)
                rows.push_back({{}, object});
            else if (key && key->load)
                keys.push_back({{}, object, key});
        }
        const auto& found = rows.empty() ? keys : rows;
        if (found.size() == 1)
            return found.front();
        fault(where, std::string{found.empty() ? "its resolver returns a C++ type that is neither row nor key of "
                                               : "its resolver returns a C++ type that matches several object types of "} +
                         t.name + ": " + boost::core::demangle(values.id->name()));
        return {};
    }

    std::vector<value_binding> all_references(const type& t) {
        std::vector<value_binding> all;
        for (const auto* object : objects_of(t))
            if (const auto* declared = declared_as(*object))
                if (const auto key = std::ranges::find_if(declared->keys, [](const auto& k) { return k->load != nullptr; });
                    key != declared->keys.end())
                    all.push_back({{}, object, key->get()});
        return all;
    }

    std::vector<const type*> objects_of(const type& t) const { return t.is_abstract() ? t.possible_types : std::vector{&t}; }

    const declared_object* declared_as(const type& object) const {
        const auto found = all_.objects.find(object.name);
        return found == all_.objects.end() ? nullptr : &found->second;
    }

    static const row_key* key_of(const declared_object& object, std::type_index key) {
        const auto found = std::ranges::find_if(object.keys, [&](const auto& k) { return key == *k->key->id; });
        return found == object.keys.end() ? nullptr : found->get();
    }

    void expect_resolvers(const type& object) {
        for (const auto& field : object.fields)
            if (!made_->find(field))
                fault(object.name + '.' + field.name, "has no resolver");
    }

    const schema& schema_;
    declarations& all_;
    std::unique_ptr<bindings> made_ = std::make_unique<bindings>();
    std::string faults_;
};

} // namespace

std::unique_ptr<const bindings> bind(const schema& s, declarations& all) {
    return binder{s, all}.bind();
}

} // namespace atrium::graphql::detail
