#pragma once

#include <base/json_writer.hpp>
#include <graphql/arguments.hpp>
#include <graphql/column.hpp>
#include <graphql/context.hpp>
#include <graphql/detail/declared.hpp>
#include <graphql/event_source.hpp>
#include <graphql/reference.hpp>
#include <graphql/scalars.hpp>
#include <graphql/schema.hpp>
#include <graphql/selection.hpp>

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

namespace atrium::graphql {

namespace detail {
struct declarations;
struct bindings;
} // namespace detail

/// A schema, and how its fields get their values: what an engine executes.
class executable_schema {
public:
    executable_schema(graphql::schema s, std::unique_ptr<const detail::bindings> b);
    ~executable_schema();
    executable_schema(executable_schema&&) noexcept;
    executable_schema& operator=(executable_schema&&) noexcept;

    [[nodiscard]] const graphql::schema& schema() const noexcept { return schema_; }
    [[nodiscard]] const detail::bindings& bindings() const noexcept { return *bindings_; } ///< for the engine

    void hide() noexcept { schema_.hide(); } ///< see graphql::schema

private:
    graphql::schema schema_;
    std::unique_ptr<const detail::bindings> bindings_;
};

/// What may be said of a field besides.
class field_options {
public:
    explicit field_options(detail::declared_field& field) : field_{field} {}

    /// The field gives as many items as its argument `first` (or `last`) says, `otherwise` so many: a request's cost counts
    /// what is below that often. See `limits::cost`.
    field_options& paged(std::string first, std::string last = {}, std::size_t otherwise = 100) {
        field_.page = {std::move(first), std::move(last), otherwise};
        return *this;
    }

    /// All that the resolver, a function, looks at of its row: `reads(&account::first_name, &account::last_name)`. Without
    /// this it may look at everything, so nothing can be left unread where the field is selected. A member that is the resolver
    /// itself goes without saying. See `selection`.
    template <class... Member>
    field_options& reads(Member... members) {
        auto& all = field_.reads.emplace();
        (all.add(detail::any_member{members}), ...);
        return *this;
    }

private:
    detail::declared_field& field_;
};

/// Declares one object type whose values are rows of the C++ type `Row`.
template <class Row>
class object_builder {
public:
    explicit object_builder(detail::declared_object& object) : object_{&object} {}

    object_builder& implements(std::string interface) {
        object_->interfaces.push_back(std::move(interface));
        return *this;
    }

    /// Declares a field. `signature` is a piece of SDL, directives included: "orders(first: Int = 10): [Order!]!". (In a type
    /// that `bind` gave, the bare name.) The resolver is one of these, and takes what it needs of what stands in brackets:
    ///
    ///     &Row::member
    ///     [](const Row& row [, const arguments& a] [, context& c]) { return ...; }
    ///     [](std::span<const Row> rows [, const arguments& a] [, const selection& s] [, context& c])
    ///         -> awaitable<column<T>> { ... }
    ///
    /// The first two are called for each row while the response is written, so they only look and compute. What waits, or asks
    /// a store, is of the third kind and gets all rows of its level in one call; it may also give
    /// `awaitable<result<column<T>>>`, where an error is every row's. In the root types:
    ///
    ///     [](const arguments& a, const selection& s, context& c) -> awaitable<T> { ... }
    ///     [](const arguments& a, context& c) -> awaitable<result<std::unique_ptr<event_source<T>>>> { ... }   subscriptions
    ///
    /// A value `T` is a scalar or enum in C++, a row, a key (see `key`), a `reference`, a `std::variant` of rows and keys for
    /// an interface or a union, or one of these in std::optional, `const Row*` (may be null), std::reference_wrapper, `result`,
    /// std::vector. Resolvers live as long as the engine and are called by several threads at a time. References that they take
    /// are valid until they end.
    template <class Resolver>
    field_options field(std::string signature, std::string description, Resolver resolver) {
        return field_options{detail::add_field(*object_, {std::move(signature), std::move(description),
                                                          detail::make_resolver<Row>(std::move(resolver)), typeid(Row)})};
    }
    template <class Resolver>
    field_options field(std::string signature, Resolver resolver) {
        return field(std::move(signature), std::string{}, std::move(resolver));
    }

    /// The same for a resolver that was made elsewhere, as descriptions of rows have them for their members.
    field_options field(std::string signature, std::string description,
                        std::shared_ptr<const detail::field_resolver> resolver) {
        return field_options{
            detail::add_field(*object_, {std::move(signature), std::move(description), std::move(resolver), typeid(Row)})};
    }

    /// Says which part of a row is a key of it (`&Row::id`, or a function that gives a reference into the row). A resolver
    /// anywhere may then give a `Key` where this type is wanted, and the engine loads the rows: all keys of a level in one call
    /// to `load`, each once and in ascending order. Other modules may extend the type knowing only its keys.
    ///
    ///     [](std::span<const Key> keys [, const selection& s] [, context& c]) -> awaitable<column<Row>>
    ///                                                                one cell for each key; null: no such row
    ///
    /// It may give `awaitable<result<column<Row>>>`, too. `Key` has `<`. A `reference` can mean rows of this type where the
    /// first key is an `id<...>` or made of text.
    template <class Projection, class Loader = detail::no_loader>
    object_builder& key(Projection of, Loader load = {}) {
        using key_type = std::remove_cvref_t<std::invoke_result_t<const Projection&, const Row&>>;
        object_->keys.push_back(
            std::make_unique<detail::typed_key<Row, key_type, Projection, Loader>>(std::move(of), std::move(load)));
        return *this;
    }

private:
    detail::declared_object* object_;
};

/// Puts a schema together from what modules declare: types in SDL, objects, enums and scalars bound to C++. Used at start, on
/// one thread. The order of declarations does not matter but to how the schema is printed.
///
///     schema_builder b;
///     auto user = b.object<account>("User", "Somebody who orders.").implements("Node");
///     user.field("username: String!", "Unique.", &account::username);
///     user.key(&account::id, [&](std::span<const user_id> ids) { return load(ids); });
///     b.query().field("user(id: ID!): User", "One user.", [](const arguments& a) { return parse_user_id(a); });
class schema_builder {
public:
    schema_builder();
    ~schema_builder();
    schema_builder(schema_builder&&) noexcept;

    /// Definitions in SDL of what needs no C++: interfaces, unions, input objects, directives.
    void define(std::string_view sdl);

    /// An object type whose rows are `Row`.
    template <class Row>
    object_builder<Row> object(std::string name, std::string description = {}) {
        return object_builder<Row>{declare_object(std::move(name), std::move(description), typeid(Row), false)};
    }

    /// An object type that `define` defines: its builder's `field` takes bare names.
    template <class Row>
    object_builder<Row> bind(std::string name) {
        return object_builder<Row>{declare_object(std::move(name), {}, typeid(Row), true)};
    }

    /// More fields for an object type that somebody else declares: `Row` is its row type or the type of one of its keys.
    template <class Row>
    object_builder<Row> extend(std::string name) {
        return object_builder<Row>{extended_object(std::move(name))};
    }

    /// The root types. Those that get no fields are not in the schema.
    object_builder<root> query() { return extend<root>("Query"); }
    object_builder<root> mutation() { return extend<root>("Mutation"); }
    object_builder<root> subscription() { return extend<root>("Subscription"); }

    /// A value of an enum: {order_status::placed, "PLACED", "Neither sent nor called off."}.
    template <class E>
    struct enum_value {
        E value;
        std::string name;
        std::string description{};
    };

    template <class E>
    void enumeration(std::string name, std::string description, std::vector<enum_value<E>> values) {
        const auto names = names_of(std::move(name), std::move(values));
        declare_leaf(leaf_of<E>(names, detail::enum_declaration(*names, description)));
    }

    /// An enum that `define` defines.
    template <class E>
    void bind_enumeration(std::string name, std::vector<enum_value<E>> values) {
        declare_leaf(leaf_of<E>(names_of(std::move(name), std::move(values)), {}));
    }

    /// A custom scalar whose values are `T` in C++. `write` writes one JSON value. `read` takes input (a literal comes as the
    /// JSON that says the same), or tells the client why not: "DateTime cannot represent value: \"noon\"". It checks input, and
    /// is called again by `arguments::get<T>`.
    template <class T>
    void scalar(const std::string& name, std::string_view description, std::string_view specified_by_url,
                void (*write)(json_writer&, const T&),
                boost::system::result<T, std::string> (*read)(const boost::json::value&)) {
        detail::leaf_writer writer{[](const void* state, const void* value, std::string& out, std::string&) {
                                       json_writer one{out};
                                       (*static_cast<void (*const*)(json_writer&, const T&)>(state))(
                                           one, detail::value_at<T>(value));
                                       return true;
                                   },
                                   std::make_shared<void (*)(json_writer&, const T&)>(write)};
        declare_leaf({name, detail::scalar_declaration(name, description, specified_by_url), typeid(T), std::move(writer),
                      [read](const boost::json::value& from, void* into) { *static_cast<T*>(into) = *read(from); },
                      [read](const boost::json::value& from) {
                          auto value = read(from);
                          return value ? std::nullopt : std::optional{std::move(value).error()};
                      }});
    }

    /// The schema. Throws std::logic_error, saying where and what, for SDL that breaks rules (in the words of graphql-js), a
    /// field without a resolver, and a resolver whose C++ type does not fit its field.
    [[nodiscard]] executable_schema build() &&;

private:
    detail::declared_object& declare_object(std::string name, std::string description, std::type_index row, bool is_defined);
    detail::declared_object& extended_object(std::string name);
    void declare_leaf(detail::declared_leaf leaf);

    template <class E>
    static std::shared_ptr<const detail::enum_names> names_of(std::string name, std::vector<enum_value<E>> values) {
        static_assert(std::is_enum_v<E>);
        auto names = std::make_shared<detail::enum_names>();
        names->type = std::move(name);
        for (auto& one : values)
            names->values.push_back({static_cast<std::int64_t>(one.value), std::move(one.name), std::move(one.description)});
        return names;
    }

    template <class E>
    static detail::declared_leaf leaf_of(std::shared_ptr<const detail::enum_names> names, std::string declaration) {
        detail::leaf_writer writer{[](const void* state, const void* value, std::string& out, std::string& why) {
                                       return detail::write_enum(*static_cast<const detail::enum_names*>(state),
                                                                 static_cast<std::int64_t>(detail::value_at<E>(value)), out,
                                                                 why);
                                   },
                                   names};
        return {names->type, std::move(declaration), typeid(E), std::move(writer),
                [names](const boost::json::value& from, void* into) {
                    *static_cast<E*>(into) = static_cast<E>(detail::read_enum(*names, from));
                }};
    }

    std::unique_ptr<detail::declarations> declarations_;
};

} // namespace atrium::graphql
