#pragma once

#include <base/offset_of.hpp>

#include <cstddef>
#include <span>
#include <type_traits>
#include <typeindex>
#include <typeinfo>

namespace atrium::graphql {

struct selection_plan;

/// A member of a class: `&account::email`.
struct member_id {
    std::type_index row;
    std::size_t offset; ///< in bytes

    member_id(std::type_index r, std::size_t o) : row{r}, offset{o} {}
    template <class Row, class T>
        requires(!std::is_function_v<T>)
    explicit member_id(T Row::* member) : row{typeid(Row)}, offset{offset_of(member)} {}

    friend bool operator==(const member_id&, const member_id&) = default;
};

/// The members of rows that a request needs. A function that loads rows may leave the other members empty. Valid until the
/// function that receives it ends.
class selection {
public:
    /// @param plans must outlive this object
    explicit selection(std::span<const selection_plan* const> plans) noexcept : plans_{plans} {}

    /// Whether a selected field may read this member of the rows, or of rows that they contain (as a page contains users). A
    /// field may read it if its value is this member, if its function has declared that it reads this member
    /// (`field_options::reads`), or if its function has not declared which members it reads. A function that takes a key of the
    /// row reads only the key.
    template <class Row, class T>
    [[nodiscard]] bool reads(T Row::* member) const {
        return reads(member_id{member});
    }
    [[nodiscard]] bool reads(const member_id& member) const;

private:
    std::span<const selection_plan* const> plans_;
};

} // namespace atrium::graphql
