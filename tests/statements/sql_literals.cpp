#include "sql_literals.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>

namespace atrium::statements {
namespace {

/// Reads the literals of source code.
class scanner {
public:
    explicit scanner(std::string_view source) : left_{source} {}

    std::vector<std::string> literals() {
        while (!left_.empty()) {
            if (skip_comment() || skip_blank())
                continue;
            if (left_.front() == '"')
                add(read_string());
            else if (left_.starts_with("R\""))
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
        const auto taken = left_.substr(0, count);
        left_.remove_prefix(taken.size());
        return taken;
    }

    bool skip_comment() {
        if (!left_.starts_with("//") && !left_.starts_with("/*"))
            return false;
        const auto end = left_.starts_with("//") ? left_.find('\n') : left_.find("*/", 2);
        take(end == std::string_view::npos ? end : end + (left_.starts_with("/*") ? 2 : 1));
        return true;
    }

    bool skip_blank() {
        const bool is_blank = std::string_view{" \t\r\n"}.find(left_.front()) != std::string_view::npos;
        if (is_blank)
            take(1);
        return is_blank;
    }

    /// Skips one character of code, or a character literal.
    void skip_other() {
        is_adjacent_ = false;
        if (left_.front() == '\'' && left_.size() > 2 && (left_[1] == '\\' || left_[2] == '\''))
            take(left_.find('\'', left_[1] == '\\' ? 3 : 1) + 1);
        else
            take(1);
    }

    std::string read_string() {
        std::string text;
        take(1);
        while (!left_.empty() && left_.front() != '"') {
            if (left_.front() == '\\')
                take(1);
            text += take(1);
        }
        take(1);
        return text;
    }

    std::string read_raw_string() {
        take(2);
        const auto end = ")" + std::string{take(left_.find('('))} + "\"";
        take(1);
        const std::string text{take(left_.find(end))};
        take(end.size());
        return text;
    }

    std::string_view left_;
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
