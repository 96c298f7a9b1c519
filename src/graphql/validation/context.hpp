#pragma once

#include "types/error_log.hpp"
#include "types/shared_rules.hpp"
#include "validation/fragments.hpp"
#include "validation/type_info.hpp"
#include "validation/variable_usages.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <cstddef>

namespace atrium::graphql::validation {

/// The state that all rules of one validation share: the schema and the document, the position of the walk (`type_info`), and
/// the log for errors.
struct context : type_info {
    context(const graphql::schema& s, const graphql::document& d)
        : type_info{s}, schema{s}, document{d}, log{d, max_errors, !s.is_hidden()}, fragments{d, log}, usages{s, fragments},
          directives{s.directives(), d} {}

    /// Whether the walk should end.
    [[nodiscard]] bool is_done() const noexcept { return log.is_full(); }

    static constexpr std::size_t max_errors = 100;

    const graphql::schema& schema;
    const graphql::document& document;
    error_log log;
    validation::fragments fragments;
    variable_usages usages;
    directive_catalog directives;
};

/// The base class of rules.
class rule {
public:
    explicit rule(context& c) : c_{c} {}

protected:
    context& c_;
};

} // namespace atrium::graphql::validation
