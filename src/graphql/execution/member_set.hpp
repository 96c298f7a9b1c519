#pragma once

#include <graphql/selection.hpp>

#include <algorithm>
#include <vector>

namespace atrium::graphql::detail {

/// A set of class members: the ones that were added, or all members of every class.
class member_set {
public:
    static member_set of_all() {
        member_set all;
        all.contains_all_ = true;
        return all;
    }

    void add(const member_id& member) {
        if (!contains(member))
            members_.push_back(member);
    }
    void add(const member_set& others) {
        contains_all_ = contains_all_ || others.contains_all_;
        for (const auto& member : others.members_)
            add(member);
    }

    [[nodiscard]] bool contains(const member_id& member) const {
        return contains_all_ || std::ranges::find(members_, member) != members_.end();
    }

    /// The members that were added one by one. Incomplete if the set contains all members of every class.
    [[nodiscard]] const std::vector<member_id>& members() const noexcept { return members_; }

private:
    std::vector<member_id> members_;
    bool contains_all_ = false;
};

} // namespace atrium::graphql::detail
