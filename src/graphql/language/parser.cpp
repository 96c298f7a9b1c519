#include "language/parser.hpp"

#include "language/document_contents.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace atrium::graphql {
namespace {

/// The parser's own limit on nesting. This parser and everything that processes its documents can recurse that deeply on a
/// stack of 8 MiB and leave a large part of it unused, even with sanitizers.
constexpr std::size_t max_levels_of_parser = 1000;

using result = boost::system::result<document, located_error>;

located_error locate(const document& d, const syntax_fault& fault) {
    return {"Syntax Error: " + fault.message, {d.locate(fault.offset)}};
}

result parse_by(void (parser::*rule)(), std::string source, const parse_limits& limits, std::size_t& tokens_read) {
    tokens_read = 0;
    document d{std::move(source)};
    if (d.source().size() >= std::numeric_limits<std::uint32_t>::max())
        return locate(d, {0, "Document is 4 GiB or larger. Parsing aborted."});
    parser p{d, limits};
    (p.*rule)();
    tokens_read = p.tokens();
    if (p.fault())
        return locate(d, *p.fault());
    return d;
}

} // namespace

result parse(std::string source, parse_limits limits, std::size_t& tokens_read) {
    return parse_by(&parser::parse_document, std::move(source), limits, tokens_read);
}

result parse(std::string source, parse_limits limits) {
    std::size_t ignored = 0;
    return parse(std::move(source), limits, ignored);
}

result parse_value(std::string source) {
    std::size_t ignored = 0;
    return parse_by(&parser::parse_value, std::move(source), {}, ignored);
}

result parse_type(std::string source) {
    std::size_t ignored = 0;
    return parse_by(&parser::parse_type, std::move(source), {}, ignored);
}

parser::parser(document& target, const parse_limits& limits)
    : document_{target}, arena_{target.contents_->arena}, lexer_{target.contents_->source, arena_},
      max_tokens_{limits.tokens == 0 ? std::numeric_limits<std::size_t>::max() : limits.tokens},
      max_levels_{limits.depth == 0 ? max_levels_of_parser : std::min(limits.depth, max_levels_of_parser)} {
    advance();
}

void parser::parse_document() {
    document_.contents_->definitions =
        items([this] { return definition(); }, [this] { return is_at(token_kind::end_of_source); });
    document_.contents_->tokens = tokens_;
}

void parser::parse_value() {
    document_.contents_->definitions =
        items([this]() -> const ast::node* { return value(variables::allowed); }, [] { return true; });
    expect(token_kind::end_of_source);
}

void parser::parse_type() {
    document_.contents_->definitions = items([this]() -> const ast::node* { return type_reference(); }, [] { return true; });
    expect(token_kind::end_of_source);
}

// --- tokens -----------------------------------------------------------------------------------------------------------------

void parser::advance() {
    if (has_failed())
        return;
    previous_end_ = token_.end;
    token_ = next_token_ ? *std::exchange(next_token_, std::nullopt) : lexer_.next();
    if (token_.kind == token_kind::failed)
        fault_ = lexer_.fault();
    else if (!is_at(token_kind::end_of_source) && ++tokens_ > max_tokens_)
        fail(token_.begin, "Document contains more that " + // graphql-js also writes "that"
                               std::to_string(max_tokens_) + " tokens. Parsing aborted.");
}

const token& parser::lookahead() {
    if (!next_token_) {
        next_token_ = lexer_.next();
        if (next_token_->kind == token_kind::failed)
            fail(lexer_.fault().offset, lexer_.fault().message);
    }
    return *next_token_;
}

bool parser::accept(token_kind kind) {
    if (!is_at(kind))
        return false;
    advance();
    return true;
}

bool parser::accept_keyword(std::string_view word) {
    if (!is_at_keyword(word))
        return false;
    advance();
    return true;
}

token parser::expect(token_kind kind) {
    const auto found = token_;
    if (!accept(kind) && !has_failed())
        fail(found.begin, "Expected " + describe(kind) + ", found " + describe(found) + '.');
    return found;
}

void parser::expect_keyword(std::string_view word) {
    if (!accept_keyword(word) && !has_failed())
        fail(token_.begin, "Expected \"" + std::string{word} + "\", found " + describe(token_) + '.');
}

ast::name parser::name() {
    const auto found = expect(token_kind::name);
    return {found.text, found.begin};
}

void parser::read_description(ast::described& n) {
    if (!is_at_description())
        return;
    n.description = token_.text;
    n.block_description = is_at(token_kind::block_string);
    advance();
}

// --- faults -----------------------------------------------------------------------------------------------------------------

std::nullptr_t parser::fail(std::uint32_t position, std::string message) {
    if (!has_failed())
        fault_ = {position, std::move(message)};
    token_.kind = token_kind::failed;
    return nullptr;
}

std::nullptr_t parser::unexpected(const token& found) {
    return has_failed() ? nullptr : fail(found.begin, "Unexpected " + describe(found) + '.');
}

parser::level::level(parser& p) : parser_{p} {
    if (++p.depth_ > p.max_levels_)
        p.fail(p.token_.begin, "Document is nested deeper than " + std::to_string(p.max_levels_) + " levels. Parsing aborted.");
}

} // namespace atrium::graphql
