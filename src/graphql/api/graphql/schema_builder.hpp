#pragma once

#include <access/requirement.hpp>
#include <base/json_writer.hpp>
#include <graphql/arguments.hpp>
#include <graphql/column.hpp>
#include <graphql/context.hpp>
#include <graphql/detail/functions.hpp>
#include <graphql/event_source.hpp>
#include <graphql/field_call.hpp>
#include <graphql/reference.hpp>
#include <graphql/scalars.hpp>
#include <graphql/selection.hpp>
#include <graphql/value_type.hpp>

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

namespace atrium::graphql {

class executable_schema;

namespace detail {

struct declarations;
struct declared_field;
struct declared_object;

declared_field& add_field(declared_object& object, std::string signature, std::string description, std::type_index row,
                          resolver r);
void add_interface(declared_object& object, std::string name);
void add_key(declared_object& object, row_key key);
void set_scope(declared_object& object, std::string scope);

/// A value of an enum, with its number.
struct enum_word {
    std::int64_t number;
    std::string name;
    std::string description;
};

/// How values of a custom scalar are written and read.
struct scalar_functions {
    std::function<void(json_writer&, const void* value)> write;
    /// Returns an error message, or nothing if the input is valid. Valid input is converted and written to `target`, unless
    /// `target` is null.
    std::function<std::optional<std::string>(const boost::json::value& input, void* target)> read;
};

} // namespace detail

/// Optional properties of a field.
class field_options {
public:
    explicit field_options(detail::declared_field& field) : field_{field} {}

    /// `first` and `last` are the names of two arguments that specify how many items the field returns: the client sends one of
    /// them, or gets `default_size` items if it sends neither. The cost of the fields below is multiplied by the number of
    /// items; see `limits::cost`.
    field_options& paged(std::string first, std::string last = {}, std::size_t default_size = 100);

    /// Lists all members that the field's function reads from its row: `reads(&account::first_name, &account::last_name)`.
    /// Without this list, the engine assumes that the function reads every member, so all members are loaded if the field is
    /// selected. A field whose value is a member needs no list. See `selection`.
    template <class... Member>
    field_options& reads(Member... members) {
        return reads_members({member_id{members}...});
    }

    /// Clients need this scope, such as "users:write", for the field. It replaces the scope that the field's type declares.
    field_options& scope(std::string name);
    /// Any valid credential is enough for the field.
    field_options& any_principal();

private:
    field_options& reads_members(std::vector<member_id> members);

    detail::declared_field& field_;
};

/// Declares one object type whose values are rows of the C++ type `Row`.
///
/// Each field has a signature, an optional description, and a source of values. The signature is a piece of SDL, including
/// directives: "orders(first: Int = 10): [Order!]!". In a type from `bind`, it is only the field's name. The source is a member
/// of the row (`field`) or a function (`row`, `batch`, `root`, `stream`). Every function may take a `const field_call&` as its
/// last parameter if it needs the field's arguments, the selection or the context. Functions live as long as the engine and are
/// called by several threads at a time. The reference parameters of a call are valid until the call ends, even while it waits.
///
/// A value `T` is a scalar or enum in C++, a row, a key (see `key`), a `reference`, or a `std::variant` of rows and keys for an
/// interface or a union. It may be wrapped in std::optional, `const Row*` (may be null), std::reference_wrapper, `result` or
/// std::vector.
template <class Row>
class object_builder {
public:
    explicit object_builder(detail::declared_object& object) : object_{&object} {}

    object_builder& implements(std::string interface) {
        detail::add_interface(*object_, std::move(interface));
        return *this;
    }

    /// Clients need this scope, such as "users:read", for each field of another type that returns this type.
    object_builder& scope(std::string name) {
        detail::set_scope(*object_, std::move(name));
        return *this;
    }

    /// A member of the row: `field("username: String!", "Unique.", &account::username)`.
    template <class Member>
    field_options field(std::string signature, std::string description, Member member) {
        static_assert(std::is_member_object_pointer_v<Member>,
                      "field takes a member of the row; functions are registered with row, batch, root or stream");
        const member_id id{member};
        using value = std::remove_cvref_t<std::invoke_result_t<Member, const Row&>>;
        return field(std::move(signature), std::move(description), id.offset, value_type_of<value>());
    }
    template <class Member>
    field_options field(std::string signature, Member member) {
        return field(std::move(signature), {}, member);
    }
    /// A member at an offset of `offset` bytes in each row.
    field_options field(std::string signature, std::string description, std::size_t offset, const value_type& type) {
        return add(std::move(signature), std::move(description), {&type, detail::member_offset{offset}});
    }

    /// A function `T(const Row&)` that is called for each row. It must not wait, because it is usually called while the
    /// response is written.
    template <class F>
    field_options row(std::string signature, std::string description, F function) {
        static_assert(!std::same_as<Row, graphql::root>, "a root type has no rows: use root");
        static_assert(detail::callable<F, field_call, const Row&>,
                      "a function for one row takes const Row&, and then const field_call& if it needs that");
        static_assert(!detail::is_awaitable<detail::returned<F, field_call, Row>>,
                      "a function that waits gets all rows of its level in one call: use batch");
        return add(std::move(signature), std::move(description), detail::make_row_resolver<Row>(std::move(function)));
    }
    template <class F>
    field_options row(std::string signature, F function) {
        return row(std::move(signature), {}, std::move(function));
    }

    /// A function `awaitable<column<T>>(std::span<const Row>)` that may wait, for example for a database. It gets all rows of
    /// its level in one call. It may also return `awaitable<result<column<T>>>`; its error then applies to every row.
    template <class F>
    field_options batch(std::string signature, std::string description, F function) {
        static_assert(!std::same_as<Row, graphql::root>, "a root type has no rows: use root");
        static_assert(detail::callable<F, field_call, std::span<const Row>>,
                      "a function for all rows takes std::span<const Row>, and then const field_call& if it needs that");
        static_assert(detail::is_column<detail::awaited<detail::returned<F, field_call, std::span<const Row>>>>,
                      "a function for all rows returns awaitable<column<T>> or awaitable<result<column<T>>>");
        return add(std::move(signature), std::move(description), detail::make_batch_resolver<Row>(std::move(function)));
    }
    template <class F>
    field_options batch(std::string signature, F function) {
        return batch(std::move(signature), {}, std::move(function));
    }

    /// For a root type: a function `awaitable<T>()`, or a function `T()`, which must not wait (see `row`).
    template <class F>
    field_options root(std::string signature, std::string description, F function) {
        static_assert(std::same_as<Row, graphql::root>, "only a root type has functions without rows: use row or batch");
        static_assert(detail::callable<F, field_call>, "a function of a root type takes nothing, or const field_call&");
        return add(std::move(signature), std::move(description), detail::make_root_resolver(std::move(function)));
    }
    template <class F>
    field_options root(std::string signature, F function) {
        return root(std::move(signature), {}, std::move(function));
    }

    /// For the subscription type: a function `awaitable<result<std::unique_ptr<event_source<T>>>>()`.
    template <class F>
    field_options stream(std::string signature, std::string description, F function) {
        static_assert(std::same_as<Row, graphql::root>, "only a root type has functions without rows: use row or batch");
        static_assert(detail::callable<F, field_call>, "a function of a root type takes nothing, or const field_call&");
        static_assert(detail::is_event_source<detail::awaited<detail::returned<F, field_call>>>,
                      "a stream is opened by awaitable<result<std::unique_ptr<event_source<T>>>>");
        return add(std::move(signature), std::move(description), detail::make_stream_resolver(std::move(function)));
    }
    template <class F>
    field_options stream(std::string signature, F function) {
        return stream(std::move(signature), {}, std::move(function));
    }

    /// Declares a member of the row as a key. Every resolver may then return a `Key` in place of a row of this type, and the
    /// engine loads the rows: all keys of a level in one call to `load`, without duplicates and in ascending order. Other
    /// modules can extend the type with functions that take the key instead of the row.
    ///
    ///     awaitable<column<Row>>(std::span<const Key> keys)        one cell for each key; null: no such row
    ///
    /// `load` may take a `const load_call&` as its last parameter, and may return `awaitable<result<column<Row>>>`. `Key` must
    /// have an `operator<`. A `reference` can refer to rows of this type if the type's first key with a loader is an `id<...>`
    /// or can be constructed from a std::string_view.
    template <class Key, class F>
    object_builder& key(Key Row::* member, F load) {
        static_assert(detail::callable<F, load_call, std::span<const Key>>,
                      "a loader takes std::span<const Key>, and then const load_call& if it needs that");
        static_assert(std::same_as<detail::awaited<detail::returned<F, load_call, std::span<const Key>>>, column<Row>>,
                      "a loader returns awaitable<column<Row>> or awaitable<result<column<Row>>>");
        detail::add_key(*object_, detail::make_key(member, std::move(load)));
        return *this;
    }
    /// A key with which rows cannot be loaded. It only allows other modules to extend the type.
    template <class Key>
    object_builder& key(Key Row::* member) {
        detail::add_key(*object_, detail::make_key(member));
        return *this;
    }

private:
    field_options add(std::string signature, std::string description, detail::resolver r) {
        return field_options{
            detail::add_field(*object_, std::move(signature), std::move(description), typeid(Row), std::move(r))};
    }

    detail::declared_object* object_;
};

/// Builds a schema from the declarations of modules: types in SDL, and objects, enums and scalars bound to C++. Used at start,
/// on one thread. The order of declarations only affects how the schema is printed.
///
///     schema_builder b;
///     auto user = b.object<account>("User", "A user who places orders.").implements("Node");
///     user.field("username: String!", "Unique.", &account::username);
///     user.key(&account::id, [&](std::span<const user_id> ids) { return load(ids); });
///     b.query().root("user(id: ID!): User", "One user.", [](const field_call& call) { return user_id_of(call.arguments); });
class schema_builder {
public:
    schema_builder();
    ~schema_builder();
    schema_builder(schema_builder&&) noexcept;

    /// Defines types in SDL that need no C++: interfaces, unions, input objects, directives.
    void define(std::string_view sdl);

    /// An object type whose rows are `Row`.
    template <class Row>
    object_builder<Row> object(std::string name, std::string description = {}) {
        return object_builder<Row>{declare_object(std::move(name), std::move(description), typeid(Row), false)};
    }

    /// An object type that is defined with `define`: the signatures of its fields are only their names.
    template <class Row>
    object_builder<Row> bind(std::string name) {
        return object_builder<Row>{declare_object(std::move(name), {}, typeid(Row), true)};
    }

    /// More fields for an object type that another module declares. `Row` is the type of its rows or of one of its keys.
    template <class Row>
    object_builder<Row> extend(std::string name) {
        return object_builder<Row>{find_or_add_object(std::move(name))};
    }

    /// The root types. A root type without fields does not appear in the schema.
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
    void enumeration(std::string name, std::string_view description, std::vector<enum_value<E>> values) {
        declare_enumeration(std::move(name), description, false, words_of(std::move(values)), detail::content_type_of<E>,
                            assign<E>);
    }

    /// An enum that is defined with `define`.
    template <class E>
    void bind_enumeration(std::string name, std::vector<enum_value<E>> values) {
        declare_enumeration(std::move(name), {}, true, words_of(std::move(values)), detail::content_type_of<E>, assign<E>);
    }

    /// A custom scalar whose values are `T` in C++. `write` writes one JSON value. `read` reads input (literals are converted
    /// to JSON first) or returns an error message for the client: "DateTime cannot represent value: \"noon\"". `read` is called
    /// once to validate the input, and again by `arguments::get<T>`.
    template <class T>
    void scalar(std::string name, std::string_view description, std::string_view specified_by_url,
                void (*write)(json_writer&, const T&),
                boost::system::result<T, std::string> (*read)(const boost::json::value&)) {
        declare_scalar(std::move(name), description, specified_by_url, typeid(T),
                       {[write](json_writer& writer, const void* value) { write(writer, detail::value_at<T>(value)); },
                        [read](const boost::json::value& input, void* target) -> std::optional<std::string> {
                            auto value = read(input);
                            if (!value)
                                return std::move(value).error();
                            if (target)
                                *static_cast<T*>(target) = *std::move(value);
                            return std::nullopt;
                        }});
    }

    /// From now on, each request needs the scopes that its selected fields declare: see `context::principal`. If the client
    /// does not have the scope of a field, the field gets an error (`forbidden` or `unauthenticated`), and its resolver is not
    /// called. `build` throws if neither a field of a root type nor the type that it returns declares what clients need.
    void enforce_access();

    /// Builds the schema (<graphql/executable_schema.hpp>). Throws std::logic_error, with the place and the reason, for SDL
    /// that breaks rules (with messages of graphql-js), for a field without a resolver, and for a resolver whose C++ type does
    /// not fit its field.
    [[nodiscard]] executable_schema build() &&;

private:
    template <class E>
    static std::vector<detail::enum_word> words_of(std::vector<enum_value<E>> values) {
        static_assert(std::is_enum_v<E>);
        std::vector<detail::enum_word> words;
        words.reserve(values.size());
        for (auto& value : values)
            words.push_back({static_cast<std::int64_t>(value.value), std::move(value.name), std::move(value.description)});
        return words;
    }
    template <class E>
    static void assign(void* target, std::int64_t number) {
        *static_cast<E*>(target) = static_cast<E>(number);
    }

    detail::declared_object& declare_object(std::string name, std::string description, std::type_index row,
                                            bool is_defined_elsewhere);
    detail::declared_object& find_or_add_object(std::string name);
    void declare_enumeration(std::string name, std::string_view description, bool is_defined_elsewhere,
                             std::vector<detail::enum_word> words, const content_type& type,
                             void (*assigner)(void* target, std::int64_t number));
    void declare_scalar(std::string name, std::string_view description, std::string_view specified_by_url, std::type_index type,
                        detail::scalar_functions functions);

    std::unique_ptr<detail::declarations> declarations_;
};

} // namespace atrium::graphql
