#include <access/principal.hpp>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

namespace atrium::access {
namespace {

bool is_word(std::string_view text) {
    const auto is_allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' && std::ranges::all_of(text, is_allowed);
}

} // namespace

bool is_scope(std::string_view text) noexcept {
    if (text == admin)
        return true;
    const auto colon = text.find(':');
    return colon != std::string_view::npos && is_word(text.substr(0, colon)) && is_word(text.substr(colon + 1));
}

std::vector<std::string> read_scopes(std::string_view text) {
    std::vector<std::string> scopes;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (is_scope(word))
            scopes.emplace_back(word);
    }
    return scopes;
}

principal::principal(std::string name, std::vector<std::string> scopes, std::optional<time_point> expires,
                     std::shared_ptr<const validity> shared_validity)
    : name_{std::move(name)}, scopes_{std::move(scopes)}, expires_{expires}, validity_{std::move(shared_validity)} {
    if (name_.empty())
        throw std::invalid_argument{"a principal needs a name"};
    std::ranges::sort(scopes_);
    const auto duplicates = std::ranges::unique(scopes_);
    scopes_.erase(duplicates.begin(), duplicates.end());
    is_admin_ = std::ranges::binary_search(scopes_, admin);
}

const std::shared_ptr<const principal>& principal::anonymous() {
    static const principal everyone{"anonymous", {std::string{admin}}};
    // This pointer has no owner, so copying it does not change a reference count. Otherwise the workers would compete for that
    // count with each request.
    static const std::shared_ptr<const principal> uncounted{std::shared_ptr<const void>{}, &everyone};
    return uncounted;
}

std::string_view name_of(const principal* client) noexcept {
    return client ? client->name() : principal::anonymous()->name();
}

bool principal::has(std::string_view scope) const noexcept {
    return is_admin_ || std::ranges::binary_search(scopes_, scope, std::less<>{});
}

bool principal::is_valid() const noexcept {
    return is_valid(expires_ ? std::chrono::system_clock::now() : time_point{});
}

bool principal::is_valid(time_point now) const noexcept {
    return !(validity_ && validity_->is_revoked()) && (!expires_ || now < *expires_);
}

} // namespace atrium::access
