#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// One step of an owner's schema, embedded in the binary from `migrations/OWNER/NNNN_name.sql`. It never changes once it is
/// released.
struct migration {
    int version;           ///< NNNN, counted from 1 without gaps
    std::string_view name; ///< "0001_accounts"
    std::string_view sql;  ///< statements, run in one transaction as the owner, which can change only its own tables
};

/// All migrations of one owner, ordered by version.
struct schema {
    std::string owner;
    std::span<const migration> migrations;
};

} // namespace atrium::storage
