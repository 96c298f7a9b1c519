#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::statements {

/// The string literals of C++ source, without those in comments. Adjacent ones are one, as for the compiler.
[[nodiscard]] std::vector<std::string> string_literals(std::string_view source);

/// A literal that begins like a statement of SQL.
struct sql_literal {
    std::filesystem::path file;
    std::string sql;
};

/// All of them in the sources below a folder.
[[nodiscard]] std::vector<sql_literal> sql_literals(const std::filesystem::path& folder);

} // namespace atrium::statements
