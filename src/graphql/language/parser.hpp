#pragma once

#include "language/lexer.hpp"

#include <graphql/parser.hpp>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace atrium::graphql {

/// A recursive descent parser with one function for each rule of the grammar and a lookahead of one token (two at the beginning
/// of a definition).
///
/// The first error ends parsing: from then on the current token is `failed`, which no rule accepts, so all functions return.
/// Their results must not be used after an error. The order of the checks is that of graphql-js. It determines which error is
/// reported.
class parser {
public:
    /// The nodes are allocated in the arena of `target`, which must outlive the parser.
    parser(document& target, const parse_limits& limits);

    // Each of these parses the whole source.
    void parse_document();
    void parse_value();
    void parse_type();

    [[nodiscard]] const std::optional<syntax_fault>& fault() const noexcept { return fault_; }

    /// Number of tokens that were read, up to the error if there is one.
    [[nodiscard]] std::size_t tokens() const noexcept { return tokens_; }

private:
    enum class variables : std::uint8_t { allowed, forbidden };

    // executable definitions: parser_executable.cpp
    const ast::node* definition();
    const ast::operation* shorthand_query();
    const ast::operation* operation_definition();
    ast::operation_type operation_type();
    const ast::variable_definition* variable_definition();
    const ast::fragment_definition* fragment_definition();
    ast::name fragment_name();
    const ast::selection_set* selection_set();
    const ast::node* selection();
    const ast::field* field();
    const ast::node* fragment();

    // values, directives, types: parser_values.cpp
    const ast::value* value(variables allowed);
    const ast::value* single_token_value(ast::kind kind);
    const ast::value* named_value();
    const ast::value* list(variables allowed);
    const ast::value* object(variables allowed);
    const ast::object_field* object_field(variables allowed);
    const ast::value* variable(variables allowed);
    const ast::value* default_value(); ///< null if there is none
    const ast::argument* argument(variables allowed);
    std::span<const ast::argument* const> arguments(variables allowed);
    const ast::directive* directive(variables allowed);
    std::span<const ast::directive* const> directives(variables allowed);
    const ast::type_reference* type_reference();
    const ast::type_reference* named_type();

    // type system, implemented in parser_type_system.cpp
    const ast::node* type_system_definition(std::string_view keyword);
    const ast::node* extension();
    const ast::schema_definition* schema_definition();
    const ast::operation_type_definition* operation_type_definition();
    const ast::type_definition* type_definition(ast::kind kind);
    const ast::field_definition* field_definition();
    const ast::input_value_definition* input_value_definition();
    std::span<const ast::input_value_definition* const> argument_definitions();
    const ast::enum_value_definition* enum_value_definition();
    const ast::directive_definition* directive_definition();
    ast::name directive_location();

    // tokens
    void advance();
    /// The token after the current one. If the lexer finds an error there, the error immediately becomes one of the parser.
    const token& lookahead();
    [[nodiscard]] bool is_at(token_kind kind) const noexcept { return token_.kind == kind; }
    [[nodiscard]] bool is_at_keyword(std::string_view word) const noexcept {
        return is_at(token_kind::name) && token_.text == word;
    }
    [[nodiscard]] bool is_at_description() const noexcept {
        return is_at(token_kind::string) || is_at(token_kind::block_string);
    }
    [[nodiscard]] bool accept(token_kind kind);
    [[nodiscard]] bool accept_keyword(std::string_view word);
    /// Returns the current token and moves past it. If the token has another kind, that is an error.
    token expect(token_kind kind);
    void expect_keyword(std::string_view word);
    ast::name name();

    // faults
    [[nodiscard]] bool has_failed() const noexcept { return fault_.has_value(); }
    std::nullptr_t fail(std::uint32_t position, std::string message);
    std::nullptr_t unexpected(const token& found);

    /// Counts as one level of nesting while it exists. Too many levels are an error.
    class level {
    public:
        explicit level(parser& p);
        ~level() { --parser_.depth_; }
        level(const level&) = delete;
        level& operator=(const level&) = delete;

    private:
        parser& parser_;
    };

    // nodes
    /// Creates, in the arena, a node that begins at the current token.
    template <class Node>
    [[nodiscard]] Node* begin(ast::kind kind) {
        static_assert(std::is_trivially_destructible_v<Node>, "an arena runs no destructors");
        auto* const n = std::pmr::polymorphic_allocator<>{&arena_}.new_object<Node>();
        n->kind = kind;
        n->begin = token_.begin;
        return n;
    }
    /// Sets the end of a node to the end of the previous token.
    template <class Node>
    Node* finish(Node* n) const noexcept {
        n->end = previous_end_;
        return n;
    }
    void read_description(ast::described& n);

    /// Reads one or more items with `item`, until `close`.
    template <class Item>
    auto many(token_kind open, Item item, token_kind close) {
        expect(open);
        return items(item, [&] { return accept(close); });
    }
    /// Like the function above, but reads no items if `open` is missing.
    template <class Item>
    auto optional_many(token_kind open, Item item, token_kind close) {
        return is_at(open) ? many(open, item, close) : decltype(many(open, item, close)){};
    }
    /// Reads items separated by `delimiter`, which may also precede the first one.
    template <class Item>
    auto delimited(token_kind delimiter, Item item) {
        static_cast<void>(accept(delimiter));
        return items(item, [&] { return !accept(delimiter); });
    }
    /// Reads one or more items with `item`, until `done` returns true.
    template <class Item, class Done>
    auto items(Item item, Done done) {
        using pointer = std::invoke_result_t<Item>;
        const auto first = pending_.size();
        do
            pending_.push_back(item());
        while (!has_failed() && !done());
        return store_pending<std::remove_pointer_t<pointer>>(first);
    }
    /// Moves the pending items from the index `first` to the end into the arena.
    template <class Node>
    std::span<Node* const> store_pending(std::size_t first) {
        const auto count = pending_.size() - first;
        auto* const nodes = std::pmr::polymorphic_allocator<>{&arena_}.allocate_object<Node*>(count);
        for (std::size_t i = 0; i < count; ++i)
            nodes[i] = static_cast<Node*>(pending_[first + i]);
        pending_.resize(first);
        return {nodes, count};
    }

    document& document_;
    std::pmr::memory_resource& arena_;
    lexer lexer_;
    std::size_t max_tokens_;
    std::size_t max_levels_;

    token token_{};                     ///< the current token
    std::optional<token> next_token_{}; ///< the token after the current one, if `lookahead` has read it
    std::uint32_t previous_end_ = 0;    ///< the offset at which the previous token ends
    std::size_t tokens_ = 0;
    std::size_t depth_ = 0;
    std::vector<const ast::node*> pending_; ///< items of all lists that are being read; those of the innermost list are last
    std::optional<syntax_fault> fault_{};
};

} // namespace atrium::graphql
