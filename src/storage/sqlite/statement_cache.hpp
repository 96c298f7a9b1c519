#pragma once

#include "sqlite/statement.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace atrium::storage::sqlite {

/// The statements of one connection that were used last, by owner and text. On the connection's thread.
class statement_cache {
public:
    /// Far more than all texts of a module; fewer than the texts that it can put together of the columns which it is asked for.
    static constexpr std::size_t most = 500;

    /// The statement, taken (`cached_statement::take`); prepared on `connection` where it is not here. Throws what these do.
    cached_statement& take(connection& on, std::string_view owner, std::string_view sql);

    /// Forgets all; none may be in use.
    void clear() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return by_use_.size(); }

private:
    struct entry {
        entry(connection& on, std::string_view o, std::string_view s) : owner{o}, sql{s}, statement{on, o, s} {}

        const std::string owner;
        const std::string sql;
        cached_statement statement;
    };
    struct key { // a view of its entry's own texts
        std::string_view owner;
        std::string_view sql;
        bool operator==(const key&) const = default;
    };
    struct key_hash {
        std::size_t operator()(key k) const noexcept {
            const std::hash<std::string_view> hash;
            return hash(k.sql) * 31 + hash(k.owner);
        }
    };

    void forget_oldest();

    std::list<entry> by_use_; // the last one used first
    std::unordered_map<key, std::list<entry>::iterator, key_hash> by_text_;
};

} // namespace atrium::storage::sqlite
