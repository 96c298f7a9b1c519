#pragma once

#include <algorithm>
#include <any>
#include <type_traits>
#include <vector>

namespace atrium::graphql::detail {

/// Some member of some class: `&account::email`.
class any_member {
public:
    template <class Row, class T>
    requires(!std::is_function_v<T>) explicit any_member(T Row::*member)
        : member_{member}, is_same_{[](const std::any& a, const std::any& b) {
              const auto* other = std::any_cast<T Row::*>(&b);
              return other && *std::any_cast<T Row::*>(&a) == *other;
          }} {}

    friend bool operator==(const any_member& a, const any_member& b) { return a.is_same_(a.member_, b.member_); }

private:
    std::any member_;
    bool (*is_same_)(const std::any& a, const std::any& b);
};

/// Members of classes: those that were added, or all that there are.
class member_set {
public:
    static member_set of_all() {
        member_set all;
        all.has_all_ = true;
        return all;
    }

    void add(const any_member& member) {
        if (!contains(member))
            named_.push_back(member);
    }
    void add(const member_set& others) {
        has_all_ = has_all_ || others.has_all_;
        for (const auto& member : others.named_)
            add(member);
    }

    [[nodiscard]] bool contains(const any_member& member) const {
        return has_all_ || std::ranges::find(named_, member) != named_.end();
    }

    /// Those that were added before it had all.
    [[nodiscard]] const std::vector<any_member>& named() const noexcept { return named_; }

private:
    std::vector<any_member> named_;
    bool has_all_ = false;
};

/// Of its row: a member itself, or a function, which may look at everything.
template <class F>
member_set members_read_by([[maybe_unused]] const F& f) {
    if constexpr (std::is_member_object_pointer_v<F>) {
        member_set one;
        one.add(any_member{f});
        return one;
    } else {
        return member_set::of_all();
    }
}

} // namespace atrium::graphql::detail
