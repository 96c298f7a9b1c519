#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// One step of the schema of an owner (a module or a part such as `events`), embedded in the binary from
/// `migrations/OWNER/NNNN_name.sql`. It never changes after its release.
struct migration {
    int version;           ///< NNNN, numbered from 1 without gaps
    std::string_view name; ///< "0001_accounts"
    std::string_view sql;  ///< statements, which run in one transaction, and can change only the tables of the owner
};

/// All migrations of one owner, ordered by version.
struct schema {
    std::string owner;
    std::span<const migration> migrations;
};

} // namespace atrium::storage
