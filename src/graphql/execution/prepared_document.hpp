#pragma once

#include "plan.hpp"

#include <graphql/document.hpp>
#include <graphql/engine.hpp>
#include <graphql/limits.hpp>
#include <graphql/located_error.hpp>

#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace atrium::graphql {

/// What is known of a document's text: that it is faulty, or how its operations are executed. Used by all threads at once.
class prepared_document {
public:
    /// Parses and validates.
    prepared_document(std::string text, const executable_schema& schema, const limits& allowed);

    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// Null where the document can be executed.
    [[nodiscard]] const refusal* fault() const noexcept { return fault_ ? &*fault_ : nullptr; }

    /// Only where there is no fault.
    [[nodiscard]] const graphql::document& document() const noexcept { return parsed_->document; }
    [[nodiscard]] const planned_document& operations() const noexcept { return parsed_->operations; }

    /// Which limit the operation breaks whatever its variables are.
    [[nodiscard]] const std::optional<std::string>& broken_limit(const ast::operation& o) const {
        return broken_limits_.at(&o);
    }

    /// Made when first asked for, and kept: but of one document at most so many, as clients choose the variables.
    [[nodiscard]] std::shared_ptr<const plan> plan_for(const ast::operation& o, const boost::json::object& variables) const;

private:
    struct parsed {
        parsed(graphql::document d, const executable_schema& s)
            : document{std::move(d)}, operations{document, s.schema(), s.bindings()} {}

        graphql::document document;
        planned_document operations;
    };
    using plan_key = std::pair<const ast::operation*, std::string>;
    static constexpr std::size_t most_plans = 32;

    void refuse(refusal_reason why, const located_errors& errors, std::string_view code);

    std::string text_;
    std::optional<refusal> fault_;
    std::unique_ptr<const parsed> parsed_;
    std::map<const ast::operation*, std::optional<std::string>> broken_limits_;

    mutable std::mutex mutex_; // of the plans
    mutable std::map<plan_key, std::shared_ptr<const plan>> plans_;
};

} // namespace atrium::graphql
