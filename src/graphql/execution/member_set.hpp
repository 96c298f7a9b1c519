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
        all.has_all_ = true;
        return all;
    }

    void add(const member_id& member) {
        if (!contains(member))
            named_.push_back(member);
    }
    void add(const member_set& others) {
        has_all_ = has_all_ || others.has_all_;
        for (const auto& member : others.named_)
            add(member);
    }

    [[nodiscard]] bool contains(const member_id& member) const {
        return has_all_ || std::ranges::find(named_, member) != named_.end();
    }

    /// The members that were added one by one while the set did not contain all members.
    [[nodiscard]] const std::vector<member_id>& named() const noexcept { return named_; }

private:
    std::vector<member_id> named_;
    bool has_all_ = false;
};

} // namespace atrium::graphql::detail
