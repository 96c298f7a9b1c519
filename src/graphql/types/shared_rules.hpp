#pragma once

#include "language/walk.hpp"
#include "types/error_log.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Rules that apply to both executable documents and SDL, to be used in a walk ("language/walk.hpp"). Each class implements the
/// rule with the same name in graphql-js. The rules keep views of names in the document, so the document must outlive them.
/// Used by one thread.
namespace atrium::graphql {

class known_type_names {
public:
    /// `existing_schema` is null for SDL, which defines all types but the standard ones itself.
    known_type_names(const schema* existing_schema, const document& d, error_log& log);
    void enter(const ast::type_reference& t, ast_path path);

private:
    const schema* existing_schema_;
    std::vector<std::string_view> defined_names_{}; // the names of the types that the document defines; sorted
    error_log& log_;
    [[nodiscard]] bool is_known(std::string_view name) const noexcept;
};

/// The location, such as "FIELD" or "ARGUMENT_DEFINITION", of a directive whose enclosing nodes are `path`.
[[nodiscard]] std::string_view directive_location(ast_path path) noexcept;

/// The directives that a schema or the document defines, for the rules below.
class directive_catalog {
public:
    struct required_argument {
        std::string_view name;
        std::string type; ///< "Int!"
    };
    struct entry {
        std::vector<std::string_view> locations{};
        std::vector<std::string_view> arguments{};
        std::vector<required_argument> required{};
        bool repeatable = false;
    };

    /// Directives that the document defines replace existing ones of the same name.
    directive_catalog(std::span<const directive* const> existing, const document& d);

    [[nodiscard]] const entry* find(std::string_view name) const; ///< null if it is unknown

private:
    std::unordered_map<std::string_view, entry> entries_{};
};

class known_directives {
public:
    known_directives(const directive_catalog& catalog, error_log& log) : catalog_{catalog}, log_{log} {}
    void enter(const ast::directive& d, ast_path path);

private:
    const directive_catalog& catalog_;
    error_log& log_;
};

/// For a type or a schema, the directives of its definition and of all its extensions are counted together.
class unique_directives_per_location {
public:
    unique_directives_per_location(const directive_catalog& catalog, error_log& log) : catalog_{catalog}, log_{log} {}
    void enter(const ast::node& node);

private:
    using directives_by_name = std::map<std::string_view, const ast::directive*>;
    const directive_catalog& catalog_;
    error_log& log_;
    directives_by_name schema_directives_{};
    std::map<std::string_view, directives_by_name> type_directives_{}; // by the name of the type
};

class known_argument_names_on_directives {
public:
    known_argument_names_on_directives(const directive_catalog& catalog, error_log& log) : catalog_{catalog}, log_{log} {}
    void enter(const ast::directive& d);

private:
    const directive_catalog& catalog_;
    error_log& log_;
};

/// A name, and all places at which it occurs.
using places_of_name = std::pair<std::string_view, std::vector<std::uint32_t>>;

/// The names of these nodes with their places, in the order in which the names first occur.
template <class Node>
[[nodiscard]] std::vector<places_of_name> places_by_name(std::span<const Node* const> nodes) {
    std::vector<places_of_name> all;
    std::unordered_map<std::string_view, std::size_t> positions;
    for (const auto* n : nodes) {
        const auto [found, is_new] = positions.emplace(n->name.text, all.size());
        if (is_new)
            all.push_back({n->name.text, {}});
        all[found->second].second.push_back(n->name.begin);
    }
    return all;
}

class unique_argument_names {
public:
    explicit unique_argument_names(error_log& log) : log_{log} {}
    void enter(const ast::field& f) { check(f.arguments); }
    void enter(const ast::directive& d) { check(d.arguments); }

private:
    error_log& log_;
    void check(std::span<const ast::argument* const> arguments);
};

class unique_input_field_names {
public:
    explicit unique_input_field_names(error_log& log) : log_{log} {}
    void enter(const ast::value& v);
    void leave(const ast::value& v);
    void enter(const ast::object_field& f);

private:
    error_log& log_;
    /// For each object around the current node: the names of its fields, with their first places.
    std::vector<std::map<std::string_view, std::uint32_t>> enclosing_objects_{};
};

/// Reports missing arguments when the walk leaves a directive, so that errors inside the directive come first.
class provided_required_arguments_on_directives {
public:
    provided_required_arguments_on_directives(const directive_catalog& catalog, error_log& log)
        : catalog_{catalog}, log_{log} {}
    void leave(const ast::directive& d);

private:
    const directive_catalog& catalog_;
    error_log& log_;
};

} // namespace atrium::graphql
