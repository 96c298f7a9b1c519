#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace atrium::storage {

namespace detail {

inline void read_column(const cursor& row, int column, std::int64_t& into) {
    into = row.integer(column);
}
inline void read_column(const cursor& row, int column, std::string_view& into) {
    into = row.text(column);
}
inline void read_column(const cursor& row, int column, timestamp& into) {
    into = row.time(column);
}
inline void read_column(const cursor& row, int column, std::optional<timestamp>& into) {
    into = row.optional_time(column);
}
template <class Tag>
void read_column(const cursor& row, int column, id<Tag>& into) {
    into.value = row.integer(column);
}
template <class Enum>
requires std::is_enum_v<Enum>
void read_column(const cursor& row, int column, Enum& into) {
    into = static_cast<Enum>(row.integer(column));
}

} // namespace detail

/// A select list, in SQL's sense, whose rows are read into the members of a class: what nobody will look at is neither selected
/// nor read.
///
///     const auto columns = storage::select_list<account_view, account_columns>{}
///                              .add<&account_view::id>("a.id")
///                              .add<&account_view::email>("a.email", &account_columns::email);
///     auto rows = s.query(columns.select(wanted) + " FROM users_account AS a");
///     while (rows.next()) visit(columns.read(rows, wanted));
///
/// @tparam Row members of it may be integers, texts (std::string_view, valid until the cursor moves), ids, times, enumerations
/// @tparam Wanted bools that tell which columns are wanted; all of them by default
template <class Row, class Wanted>
class select_list {
public:
    /// A column that is always wanted.
    template <auto Member>
    select_list&& add(std::string_view column) && {
        return std::move(*this).template add<Member>(column, nullptr);
    }

    template <auto Member>
    select_list&& add(std::string_view column, bool Wanted::*is_wanted) && {
        items_.push_back(
            {column, is_wanted, [](const cursor& row, int at, Row& into) { detail::read_column(row, at, into.*Member); }});
        return std::move(*this);
    }

    /// "SELECT a.id, a.email"
    [[nodiscard]] std::string select(const Wanted& wanted = {}) const {
        std::string text = "SELECT ";
        for (const auto& i : items_)
            if (i.is_in(wanted))
                text.append(text.back() == ' ' ? "" : ", ").append(i.column);
        return text;
    }

    /// The row where a cursor stands. What is not wanted stays as Row{} has it.
    /// @param wanted what the cursor's SQL was made for
    [[nodiscard]] Row read(const cursor& row, const Wanted& wanted = {}) const {
        Row into{};
        int at = 0;
        for (const auto& i : items_)
            if (i.is_in(wanted))
                i.read(row, at++, into);
        return into;
    }

private:
    struct item {
        std::string_view column;
        bool Wanted::*is_wanted; ///< null: always
        void (*read)(const cursor& row, int at, Row& into);

        [[nodiscard]] bool is_in(const Wanted& wanted) const { return !is_wanted || wanted.*is_wanted; }
    };

    std::vector<item> items_;
};

} // namespace atrium::storage
