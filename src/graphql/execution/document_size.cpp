#include "document_size.hpp"

#include "saturating.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace atrium::graphql {
namespace {

using saturating::plus;

class size_calculator {
public:
    explicit size_calculator(const executable_document& d) : document_{d} {}

    operation_size size_of(const ast::selection_set& selections) {
        operation_size sum;
        for (const auto* selection : selections.selections)
            add(sum, size_of(*selection));
        return sum;
    }

private:
    static void add(operation_size& sum, const operation_size& selection) {
        sum.depth = std::max(sum.depth, selection.depth);
        sum.root_fields = plus(sum.root_fields, selection.root_fields);
        sum.aliases = plus(sum.aliases, selection.aliases);
        sum.fields = plus(sum.fields, selection.fields);
    }

    operation_size size_of(const ast::node& selection) {
        switch (selection.kind) {
        case ast::kind::field: return size_of(static_cast<const ast::field&>(selection));
        case ast::kind::inline_fragment: return size_of(*static_cast<const ast::inline_fragment&>(selection).selection_set);
        default: return size_of_fragment(static_cast<const ast::fragment_spread&>(selection).name.text);
        }
    }

    operation_size size_of(const ast::field& f) {
        auto size = f.selection_set ? size_of(*f.selection_set) : operation_size{};
        size.depth += 1;
        size.root_fields = 1;
        size.aliases = plus(size.aliases, f.alias ? 1 : 0);
        size.fields = plus(size.fields, 1);
        return size;
    }

    operation_size size_of_fragment(std::string_view name) {
        if (const auto known = fragments_.find(name); known != fragments_.end())
            return known->second;
        const auto size = size_of(*document_.fragment(name)->selection_set);
        fragments_.emplace(name, size);
        return size;
    }

    const executable_document& document_;
    std::map<std::string_view, operation_size> fragments_; // each fragment is measured once
};

/// Returns a message if the value exceeds the limit; 0 means no limit.
std::optional<std::string> check_limit(std::size_t value, std::size_t limit, std::string_view subject,
                                       std::string_view advice) {
    if (limit == 0 || value <= limit)
        return std::nullopt;
    const bool is_countless = value == saturating::max;
    std::string text{subject};
    text += " is " + (is_countless ? "beyond counting" : std::to_string(value)) + "; at most " + std::to_string(limit);
    return text.append(" is allowed. ").append(advice);
}

} // namespace

operation_size size_of(const executable_document& d, const ast::operation& o) {
    return size_calculator{d}.size_of(*o.selection_set);
}

std::optional<std::string> broken_limit(const operation_size& size, const limits& request_limits) {
    if (auto message =
            check_limit(size.depth, request_limits.depth, "The operation's depth", "Select fewer fields within fields."))
        return message;
    if (auto message = check_limit(size.root_fields, request_limits.root_fields, "The operation's number of root fields",
                                   "Split it into several requests."))
        return message;
    if (auto message = check_limit(size.aliases, request_limits.aliases, "The operation's number of aliases",
                                   "Split it into several requests."))
        return message;
    return check_limit(size.fields, request_limits.fields, "The operation's number of fields",
                       "Split it into several requests.");
}

std::optional<std::string> broken_limit(std::size_t cost, const limits& request_limits) {
    return check_limit(cost, request_limits.cost, "The operation's cost", "Ask for shorter pages or fewer fields.");
}

std::optional<std::string> broken_limit_of_values(std::size_t values, const limits& request_limits) {
    return check_limit(values, request_limits.values, "The number of values in the variables", "Send fewer in one request.");
}

std::optional<std::string> broken_limit(const usage& batch, const limits& request_limits) {
    constexpr std::string_view advice = "Send fewer requests in one batch.";
    if (auto message = check_limit(batch.tokens, request_limits.tokens, "The batch's number of tokens", advice))
        return message;
    if (auto message = check_limit(batch.root_fields, request_limits.root_fields, "The batch's number of root fields", advice))
        return message;
    if (auto message = check_limit(batch.aliases, request_limits.aliases, "The batch's number of aliases", advice))
        return message;
    if (auto message = check_limit(batch.fields, request_limits.fields, "The batch's number of fields", advice))
        return message;
    if (auto message = check_limit(batch.values, request_limits.values, "The batch's number of values in variables", advice))
        return message;
    return check_limit(batch.cost, request_limits.cost, "The batch's cost", advice);
}

} // namespace atrium::graphql
