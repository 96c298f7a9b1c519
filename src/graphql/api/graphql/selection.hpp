#pragma once

#include <graphql/detail/member_set.hpp>

#include <span>

namespace atrium::graphql {

struct selection_plan;

/// What a request selects of the rows that a function is asked for: it may leave unread what nobody will look at. Valid during
/// the call.
class selection {
public:
    /// @param of lives as long as this
    explicit selection(std::span<const selection_plan* const> of) noexcept : of_{of} {}

    /// Whether a selected field may look at that member of the rows, or of rows within them (the users in a page): a field
    /// that is this member, or one whose function has not said what it looks at (`field_options::reads`).
    template <class Row, class T>
    [[nodiscard]] bool reads(T Row::*member) const {
        return reads(detail::any_member{member});
    }
    [[nodiscard]] bool reads(const detail::any_member& member) const;

private:
    std::span<const selection_plan* const> of_;
};

} // namespace atrium::graphql
