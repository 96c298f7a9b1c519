#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// One step of an owner's schema, embedded in the binary from `migrations/OWNER/NNNN_name.sql`. Once released it never changes.
struct migration {
    int version;           ///< NNNN, from 1 without gaps
    std::string_view name; ///< "0001_accounts"
    std::string_view sql;  ///< statements, run as one transaction by the owner (only its tables can be touched)
};

/// All migrations of one owner, in the order of their versions.
struct schema {
    std::string owner;
    std::span<const migration> migrations;
};

} // namespace atrium::storage
