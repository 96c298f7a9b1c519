#include "key_table.hpp"

#include <sstream>

namespace atrium::config {
namespace {

constexpr std::size_t comment_width = 110; // columns, including the "# "

/// Appends sentences as comment lines that are wrapped between words; empty lines are kept.
void append_comment(std::string& out, std::string_view sentences) {
    std::istringstream lines{std::string{sentences}};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string written = "#";
        for (std::string word; words >> word;) {
            if (written.size() + 1 + word.size() > comment_width) {
                out.append(written).append("\n");
                written = "#";
            }
            written.append(" ").append(word);
        }
        out.append(written).append("\n");
    }
}

void append_lines_commented_out(std::string& out, const std::string& text) {
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
        out.append(line.empty() ? "" : "# ").append(line).append("\n");
}

/// Escapes '|', which separates the cells of a Markdown table.
std::string table_cell(std::string_view text) {
    std::string out;
    for (const char c : text)
        out.append(c == '|' ? "\\" : "").push_back(c);
    return out;
}

} // namespace

std::string schema::render_file(std::string_view preamble) const {
    std::string out;
    append_comment(out, preamble);
    for (const auto& section : table_->sections) {
        out += "\n";
        append_comment(out, section.comment);
        out += "[" + section.name + "]\n";
        for (const auto& key : section.keys) {
            if (&key != &section.keys.front())
                out += "\n";
            append_comment(out, key.comment);
            if (!key.example.empty()) {
                append_lines_commented_out(out, key.example);
                continue;
            }
            append_comment(out, "Can be " + key.allowed + ".");
            out += key.name.substr(section.name.size() + 1) + " = " + key.default_toml + "\n";
        }
    }
    return out;
}

std::string schema::render_table() const {
    std::string out = "| key | default | can be | what it is for |\n|---|---|---|---|\n";
    for (const auto& section : table_->sections)
        for (const auto& key : section.keys)
            out += "| `" + key.name + "` | `" + table_cell(key.default_toml) + "` | " + table_cell(key.allowed) + " | " +
                   table_cell(key.comment) + " |\n";
    return out;
}

} // namespace atrium::config
