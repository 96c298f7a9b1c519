#include "promql.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace atrium::monitoring {
namespace {

constexpr std::array<std::string_view, 5> operators{"and", "or", "unless", "bool", "offset"};
constexpr std::array<std::string_view, 6> words_before_labels{"by", "without", "on", "ignoring", "group_left", "group_right"};
constexpr std::array<std::string_view, 13> functions{
    "avg",           "clamp_min", "count", "deriv", "histogram_quantile", "increase", "max", "min",
    "max_over_time", "rate",      "sum",   "time",  "min_over_time"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

class reader {
public:
    explicit reader(std::string_view text) : text_{text} {}

    expression_names read() {
        for (skip_blanks(); !rest_.empty(); skip_blanks())
            read_next();
        if (place_ != place::expression)
            fail("a bracket is not closed");
        return std::move(found_);
    }

private:
    enum class place { expression, selector, range, label_list };

    void read_next() {
        const char c = rest_.front();
        if (c == '"')
            return skip_text();
        if (c == '$' || (c >= '0' && c <= '9'))
            return skip_value();
        if (is_word(c))
            return read_word();
        rest_.remove_prefix(1);
        read_sign(c);
    }

    void read_sign(char c) {
        const bool is_closing = (place_ == place::selector && c == '}') || (place_ == place::range && c == ']') ||
                                (place_ == place::label_list && c == ')');
        if (is_closing)
            place_ = place::expression;
        else if (place_ == place::expression && c == '{')
            place_ = place::selector;
        else if (place_ == place::expression && c == '[')
            place_ = place::range;
        else if (place_ == place::expression && c == '(' && expects_labels_)
            place_ = place::label_list;
        else if (std::string_view{"()+-*/%<>=!,~."}.find(c) == std::string_view::npos)
            fail("an unexpected '" + std::string{1, c} + "'");
        if (c == '(')
            expects_labels_ = false;
    }

    void read_word() {
        const auto word = take_word();
        skip_blanks();
        if (place_ == place::selector || place_ == place::label_list)
            found_.labels.insert(word);
        else if (contains(words_before_labels, word))
            expects_labels_ = true;
        else if (is_function())
            require(contains(functions, word), "an unknown function " + word);
        else if (!contains(operators, word))
            found_.series.insert(word);
    }

    /// Whether the word before `rest_` is a function or an aggregation, as in `sum(` or `sum by (`.
    [[nodiscard]] bool is_function() const {
        return rest_.starts_with('(') || rest_.starts_with("by ") || rest_.starts_with("without ");
    }

    std::string take_word() {
        const auto end = std::ranges::find_if_not(rest_, is_word);
        const std::string word{rest_.begin(), end};
        rest_.remove_prefix(word.size());
        return word;
    }

    /// Skips a number, a duration, or a variable of Grafana.
    void skip_value() {
        rest_.remove_prefix(1);
        rest_.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_word) - rest_.begin()));
    }

    void skip_text() {
        const auto end = rest_.find('"', 1);
        require(end != std::string_view::npos, "a text without an end");
        rest_.remove_prefix(end + 1);
    }

    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

    void require(bool condition, const std::string& fault) const {
        if (!condition)
            fail(fault);
    }
    [[noreturn]] void fail(const std::string& fault) const {
        throw std::runtime_error{fault + " in the expression: " + std::string{text_}};
    }

    std::string_view text_;
    std::string_view rest_ = text_;
    place place_ = place::expression;
    bool expects_labels_ = false;
    expression_names found_;
};

} // namespace

expression_names read_expression(std::string_view expression) {
    return reader{expression}.read();
}

} // namespace atrium::monitoring
