#pragma once

#include "document_size.hpp"
#include "executable_document.hpp"
#include "plan.hpp"

#include <base/awaitable.hpp>
#include <graphql/document.hpp>
#include <graphql/engine.hpp>
#include <graphql/limits.hpp>
#include <graphql/located_error.hpp>

#include <boost/json/object.hpp>

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace atrium::graphql {

/// The result of preparing a document: its errors, or how its operations are executed. All threads use it at the same time.
class prepared_document {
public:
    struct found_plan {
        std::shared_ptr<const graphql::plan> plan;
        bool is_new = false; ///< this call has created the plan and stored it, so the document has become larger
    };

    /// Parses and validates the document.
    prepared_document(std::string text, const executable_schema& schema, const limits& request_limits);

    /// Like the constructor, but lets other coroutines run while it validates.
    static awaitable<std::shared_ptr<const prepared_document>> make(std::string text, const executable_schema& schema,
                                                                    const limits& request_limits);

    [[nodiscard]] std::string_view text() const noexcept {
        return valid_document_ ? valid_document_->document.source() : text_;
    }

    /// Approximate bytes of memory that this object occupies; increases with each plan that is kept.
    [[nodiscard]] std::size_t memory() const noexcept { return memory_; }

    /// Number of tokens that were read: all tokens of the document, or those up to its syntax error.
    [[nodiscard]] std::size_t tokens() const noexcept { return tokens_; }

    /// The refusal of every request with this document; null if the document can be executed.
    [[nodiscard]] const refusal* fault() const noexcept { return fault_ ? &*fault_ : nullptr; }

    /// This and the following functions may be called only if `fault()` is null.
    [[nodiscard]] const graphql::document& document() const noexcept { return valid_document_->document; }
    [[nodiscard]] const executable_document& executable() const noexcept { return valid_document_->executable; }

    /// The size of an operation, which does not depend on its variables.
    [[nodiscard]] const operation_size& size(const ast::operation& o) const { return sizes_.at(&o); }

    /// Returns the plan of the operation. The first call creates the plan and keeps it for all calls whose variables have the
    /// same `executable_document::condition_values`. Clients choose these values, so the number of plans that a document keeps
    /// is limited (to fewer if they are large); further plans are created for each call.
    [[nodiscard]] found_plan plan_for(const ast::operation& o, const boost::json::object& variables) const;

private:
    struct valid_document {
        valid_document(graphql::document d, const executable_schema& s)
            : document{std::move(d)}, executable{document, s.schema(), s.bindings()} {}

        graphql::document document;
        executable_document executable;
    };
    using plan_key = std::pair<const ast::operation*, std::string>;
    static constexpr std::size_t max_plans = 32;
    static constexpr std::size_t max_plan_memory = 1U << 20U; ///< maximum for all plans together; a single plan may be larger

    explicit prepared_document(std::string text) : text_{std::move(text)} {}
    /// Parses the text. Empty if there is a syntax error, which is then stored.
    [[nodiscard]] std::optional<graphql::document> parse(const limits& request_limits);
    void finish(graphql::document d, const located_errors& errors, const executable_schema& schema);
    void refuse(refusal_reason reason, const located_errors& errors, std::string_view code);

    std::string text_; ///< the text of an invalid document; that of a valid one is in `valid_document_`
    std::optional<refusal> fault_;
    std::unique_ptr<const valid_document> valid_document_; ///< null if the document is invalid
    std::map<const ast::operation*, operation_size> sizes_;
    std::size_t tokens_ = 0;

    mutable std::mutex mutex_; // protects the plans
    mutable std::map<plan_key, std::shared_ptr<const plan>> plans_;
    mutable std::size_t plan_memory_ = 0;
    mutable std::atomic<std::size_t> memory_ = 0; // the memory of this object, including the plans
};

} // namespace atrium::graphql
