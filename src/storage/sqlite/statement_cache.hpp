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

/// The most recently used statements of one connection, by owner and text. Used on the connection's thread.
class statement_cache {
public:
    /// The maximum number of statements. It is much larger than the number of fixed SQL texts in a module, but smaller than the
    /// number of texts that a module can build for different selections of columns.
    static constexpr std::size_t max_size = 500;

    /// Returns the statement, marked as in use (`cached_statement::take`). Prepares the statement on `connection` if it is
    /// not in the cache. Throws what the constructor and `take` of `cached_statement` throw.
    cached_statement& take(connection& connection, std::string_view owner, std::string_view sql);

    /// Drops all statements. None of them may be in use.
    void clear() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return by_use_.size(); }

private:
    struct entry {
        entry(connection& connection, std::string_view o, std::string_view s) : owner{o}, sql{s}, statement{connection, o, s} {}

        const std::string owner;
        const std::string sql;
        cached_statement statement;
    };
    struct key { // the views refer to the texts in the entry
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

    std::list<entry> by_use_; // the most recently used one first
    std::unordered_map<key, std::list<entry>::iterator, key_hash> by_text_;
};

} // namespace atrium::storage::sqlite
