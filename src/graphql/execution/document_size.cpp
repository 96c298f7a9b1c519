#include "document_size.hpp"

#include "saturating.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace atrium::graphql {
namespace {

using saturating::plus;

class measure {
public:
    explicit measure(const executable_document& d) : document_{d} {}

    operation_size of(const ast::selection_set& selections) {
        operation_size all;
        for (const auto* selection : selections.selections)
            add(all, of(*selection));
        return all;
    }

private:
    static void add(operation_size& all, const operation_size& one) {
        all.depth = std::max(all.depth, one.depth);
        all.root_fields = plus(all.root_fields, one.root_fields);
        all.aliases = plus(all.aliases, one.aliases);
        all.fields = plus(all.fields, one.fields);
    }

    operation_size of(const ast::node& selection) {
        switch (selection.kind) {
        case ast::kind::field: return of(static_cast<const ast::field&>(selection));
        case ast::kind::inline_fragment: return of(*static_cast<const ast::inline_fragment&>(selection).selection_set);
        default: return of_fragment(static_cast<const ast::fragment_spread&>(selection).name.text);
        }
    }

    operation_size of(const ast::field& f) {
        auto size = f.selection_set ? of(*f.selection_set) : operation_size{};
        size.depth += 1;
        size.root_fields = 1;
        size.aliases = plus(size.aliases, f.alias ? 1 : 0);
        size.fields = plus(size.fields, 1);
        return size;
    }

    operation_size of_fragment(std::string_view name) {
        if (const auto known = fragments_.find(name); known != fragments_.end())
            return known->second;
        const auto size = of(*document_.fragment(name)->selection_set);
        fragments_.emplace(name, size);
        return size;
    }

    const executable_document& document_;
    std::map<std::string_view, operation_size> fragments_; // each fragment is measured once
};

std::optional<std::string> sentence(std::size_t found, std::size_t most, std::string_view what, std::string_view advice) {
    if (most == 0 || found <= most)
        return std::nullopt;
    const bool is_countless = found == saturating::most;
    std::string text{what};
    text += " is " + (is_countless ? "beyond counting" : std::to_string(found)) + "; at most " + std::to_string(most);
    return text.append(" is allowed. ").append(advice);
}

} // namespace

operation_size size_of(const executable_document& d, const ast::operation& o) {
    return measure{d}.of(*o.selection_set);
}

std::optional<std::string> broken_limit(const operation_size& size, const limits& allowed) {
    if (auto broken = sentence(size.depth, allowed.depth, "The operation's depth", "Select fewer fields within fields."))
        return broken;
    if (auto broken = sentence(size.root_fields, allowed.root_fields, "The operation's number of root fields",
                               "Split it into several requests."))
        return broken;
    if (auto broken =
            sentence(size.aliases, allowed.aliases, "The operation's number of aliases", "Split it into several requests."))
        return broken;
    return sentence(size.fields, allowed.fields, "The operation's number of fields", "Split it into several requests.");
}

std::optional<std::string> broken_limit(std::size_t cost, const limits& allowed) {
    return sentence(cost, allowed.cost, "The operation's cost", "Ask for shorter pages or fewer fields.");
}

std::optional<std::string> broken_limit_of_values(std::size_t values, const limits& allowed) {
    return sentence(values, allowed.values, "The number of values in the variables", "Send fewer in one request.");
}

std::optional<std::string> broken_limit(const usage& batch, const limits& allowed) {
    constexpr std::string_view advice = "Send fewer requests in one batch.";
    if (auto broken = sentence(batch.tokens, allowed.tokens, "The batch's number of tokens", advice))
        return broken;
    if (auto broken = sentence(batch.root_fields, allowed.root_fields, "The batch's number of root fields", advice))
        return broken;
    if (auto broken = sentence(batch.aliases, allowed.aliases, "The batch's number of aliases", advice))
        return broken;
    if (auto broken = sentence(batch.fields, allowed.fields, "The batch's number of fields", advice))
        return broken;
    if (auto broken = sentence(batch.values, allowed.values, "The batch's number of values in variables", advice))
        return broken;
    return sentence(batch.cost, allowed.cost, "The batch's cost", advice);
}

} // namespace atrium::graphql
