#include <access/requirement.hpp>

#include <stdexcept>
#include <utility>

namespace atrium::access {

requirement requirement::for_scope(std::string name) {
    if (!is_scope(name))
        throw std::logic_error{"\"" + name + "\" is not a scope: a scope is two words such as users:read, or admin"};
    return requirement{kind::scope, std::move(name)};
}

std::string_view requirement::text() const noexcept {
    switch (kind_) {
    case kind::undeclared: return "undeclared";
    case kind::nothing: return "open";
    case kind::any_principal: return "authenticated";
    case kind::scope: break;
    }
    return scope_;
}

result<> check(const principal* client, const requirement& required) {
    if (required.is_open())
        return {};
    if (!client)
        return error{.code = errc::unauthenticated, .detail = "a valid credential is needed"};
    if (!required.is_declared())
        return error{.code = errc::forbidden, .detail = "no client may do this, because no scope is declared for it"};
    if (!required.scope().empty() && !client->has(required.scope()))
        return error{.code = errc::forbidden, .detail = "the scope " + required.scope() + " is needed"};
    return {};
}

} // namespace atrium::access
