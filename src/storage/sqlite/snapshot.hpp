#pragma once

#include "sqlite/connection.hpp"

#include <storage/sql.hpp>

#include <string_view>

namespace atrium::storage::sqlite {

/// The implementation of `snapshot`. It prepares the queries of one owner on a connection.
class sqlite_snapshot final : public snapshot {
public:
    sqlite_snapshot(connection& connection, std::string_view owner) : connection_{connection}, owner_{owner} {}
    ~sqlite_snapshot() override = default;

protected:
    statement& prepare(std::string_view sql) override { return connection_.prepare(owner_, sql); }

private:
    connection& connection_;
    std::string_view owner_;
};

} // namespace atrium::storage::sqlite
