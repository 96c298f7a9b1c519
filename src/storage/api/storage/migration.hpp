#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// One step of the schema of an owner (a module, or the part `events`), embedded in the binary from
/// `migrations/OWNER/NNNN_name.sql`. It never changes once it is released.
struct migration {
    int version;           ///< NNNN, numbered from 1 without gaps
    std::string_view name; ///< "0001_accounts"
    std::string_view sql;  ///< statements; they run in one transaction as the owner and can change only its tables
};

/// All migrations of one owner, ordered by version.
struct schema {
    std::string owner;
    std::span<const migration> migrations;
};

} // namespace atrium::storage
