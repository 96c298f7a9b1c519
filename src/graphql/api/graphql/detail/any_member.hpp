#pragma once

#include <any>
#include <type_traits>

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

} // namespace atrium::graphql::detail
