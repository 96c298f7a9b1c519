#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::statements {

/// The string literals of C++ source, except those in comments. Adjacent literals are joined, as the compiler does.
[[nodiscard]] std::vector<std::string> string_literals(std::string_view source);

/// A literal that begins like an SQL statement.
struct sql_literal {
    std::filesystem::path file;
    std::string sql;
};

/// All literals that begin like an SQL statement, in the sources below a folder.
[[nodiscard]] std::vector<sql_literal> sql_literals(const std::filesystem::path& folder);

} // namespace atrium::statements
