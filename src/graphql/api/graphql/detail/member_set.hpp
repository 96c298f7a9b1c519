#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <vector>

namespace atrium::graphql::detail {

/// Where a member lies in its class, in bytes. Nothing is read: the class needs no default constructor.
template <class Row, class T>
[[nodiscard]] std::size_t offset_of(T Row::*member) {
    alignas(Row) static std::byte place[sizeof(Row)];
    const auto* row = reinterpret_cast<const Row*>(place);
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(std::addressof(row->*member)) - place);
}

/// Some member of some class: `&account::email`.
class any_member {
public:
    any_member(std::type_index row, std::size_t offset) : row_{row}, offset_{offset} {}
    template <class Row, class T>
    requires(!std::is_function_v<T>) explicit any_member(T Row::*member) : any_member{typeid(Row), offset_of(member)} {}

    friend bool operator==(const any_member&, const any_member&) = default;

private:
    std::type_index row_;
    std::size_t offset_;
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
