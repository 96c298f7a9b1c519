#include "language/token.hpp"

#include "language/abbreviated.hpp"

namespace atrium::graphql {
namespace {

std::string_view spelling(token_kind kind) {
    switch (kind) {
    case token_kind::failed: return "nothing";
    case token_kind::end_of_source: return "<EOF>";
    case token_kind::bang: return "!";
    case token_kind::dollar: return "$";
    case token_kind::ampersand: return "&";
    case token_kind::open_parenthesis: return "(";
    case token_kind::close_parenthesis: return ")";
    case token_kind::spread: return "...";
    case token_kind::colon: return ":";
    case token_kind::equals: return "=";
    case token_kind::at: return "@";
    case token_kind::open_bracket: return "[";
    case token_kind::close_bracket: return "]";
    case token_kind::open_brace: return "{";
    case token_kind::pipe: return "|";
    case token_kind::close_brace: return "}";
    case token_kind::name: return "Name";
    case token_kind::integer: return "Int";
    case token_kind::floating: return "Float";
    case token_kind::string: return "String";
    case token_kind::block_string: return "BlockString";
    }
    return {};
}

bool is_punctuator(token_kind kind) {
    return kind >= token_kind::bang && kind <= token_kind::close_brace;
}

std::string quoted(std::string_view text) {
    return '"' + abbreviated(text) + '"';
}

} // namespace

std::string describe(token_kind kind) {
    return is_punctuator(kind) ? quoted(spelling(kind)) : std::string{spelling(kind)};
}

std::string describe(const token& found) {
    return found.kind >= token_kind::name ? describe(found.kind) + ' ' + quoted(found.text) : describe(found.kind);
}

} // namespace atrium::graphql
