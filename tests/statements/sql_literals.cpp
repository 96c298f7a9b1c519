#include "sql_literals.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>

namespace atrium::statements {
namespace {

/// Reads the string literals of source code. Adjacent literals become one.
class scanner {
public:
    explicit scanner(std::string_view source) : remaining_{source} {}

    std::vector<std::string> literals() {
        while (!remaining_.empty()) {
            if (skip_comment() || skip_blank())
                continue;
            if (remaining_.front() == '"')
                add(read_string());
            else if (remaining_.starts_with("R\""))
                add(read_raw_string());
            else
                skip_other();
        }
        return std::move(all_);
    }

private:
    void add(const std::string& literal) {
        if (is_adjacent_)
            all_.back() += literal;
        else
            all_.push_back(literal);
        is_adjacent_ = true;
    }

    std::string_view take(std::size_t count) {
        const auto taken = remaining_.substr(0, count);
        remaining_.remove_prefix(taken.size());
        return taken;
    }

    bool skip_comment() {
        if (!remaining_.starts_with("//") && !remaining_.starts_with("/*"))
            return false;
        const auto end = remaining_.starts_with("//") ? remaining_.find('\n') : remaining_.find("*/", 2);
        take(end == std::string_view::npos ? end : end + (remaining_.starts_with("/*") ? 2 : 1));
        return true;
    }

    bool skip_blank() {
        const bool is_blank = std::string_view{" \t\r\n"}.find(remaining_.front()) != std::string_view::npos;
        if (is_blank)
            take(1);
        return is_blank;
    }

    /// Skips one character of code, or a character literal.
    void skip_other() {
        is_adjacent_ = false;
        if (remaining_.front() == '\'' && remaining_.size() > 2 && (remaining_[1] == '\\' || remaining_[2] == '\''))
            take(remaining_.find('\'', remaining_[1] == '\\' ? 3 : 1) + 1);
        else
            take(1);
    }

    std::string read_string() {
        std::string text;
        take(1);
        while (!remaining_.empty() && remaining_.front() != '"') {
            if (remaining_.front() == '\\')
                take(1);
            text += take(1);
        }
        take(1);
        return text;
    }

    std::string read_raw_string() {
        take(2);
        const auto end = ")" + std::string{take(remaining_.find('('))} + "\"";
        take(1);
        const std::string text{take(remaining_.find(end))};
        take(end.size());
        return text;
    }

    std::string_view remaining_;
    std::vector<std::string> all_;
    bool is_adjacent_ = false;
};

bool begins_like_sql(std::string_view text) {
    const auto begin = text.find_first_not_of(" \n");
    constexpr std::array<std::string_view, 6> words{"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "REPLACE ", "WITH "};
    return begin != std::string_view::npos &&
           std::ranges::any_of(words, [&](auto word) { return text.substr(begin).starts_with(word); });
}

} // namespace

std::vector<std::string> string_literals(std::string_view source) {
    return scanner{source}.literals();
}

std::vector<sql_literal> sql_literals(const std::filesystem::path& folder) {
    std::vector<sql_literal> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        const auto kind = entry.path().extension();
        if (kind != ".cpp" && kind != ".hpp")
            continue;
        std::ifstream file{entry.path()};
        const std::string source{std::istreambuf_iterator<char>{file}, {}};
        for (auto& text : string_literals(source))
            if (begins_like_sql(text))
                found.push_back({entry.path(), std::move(text)});
    }
    return found;
}

} // namespace atrium::statements
