#include "goods.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace atrium::demo {
namespace {

constexpr std::array<std::string_view, 20> first_names{"ada",  "ben", "cleo", "dan",   "emma", "finn", "gina",
                                                       "hugo", "ida", "jon",  "kim",   "lea",  "max",  "nora",
                                                       "otto", "pia", "rosa", "simon", "tess", "vera"};
constexpr std::array<std::string_view, 11> last_names{"becker", "carter", "fischer", "garcia", "jensen", "kowalski",
                                                      "martin", "novak",  "rossi",   "silva",  "weber"};
constexpr std::array<std::string_view, 3> fragile{"crystal bowl", "glass vase", "porcelain cup"};
constexpr std::array<std::string_view, 13> common{"black tea", "bread board", "candles",      "coffee beans", "cotton bag",
                                                  "green tea", "honey",       "linen towel",  "notebook",     "oak chair",
                                                  "olive oil", "wool socks",  "writing paper"};

} // namespace

/// The number of first names and the number of last names have no common divisor, so every pair of names occurs once before a
/// pair is repeated.
std::string username(std::size_t number) {
    static_assert(std::gcd(first_names.size(), last_names.size()) == 1);
    constexpr auto pairs = first_names.size() * last_names.size();
    auto name =
        std::string{first_names[number % first_names.size()]} + "." + std::string{last_names[number % last_names.size()]};
    if (const auto repetition = number / pairs; repetition > 0)
        name += std::to_string(repetition + 1);
    return name;
}

/// Only every 97th product is fragile, so that most deliveries succeed.
std::string_view product(std::size_t number) {
    constexpr std::size_t interval = 97;
    return number % interval == interval - 1 ? fragile[number / interval % fragile.size()] : common[number % common.size()];
}

bool is_fragile(std::string_view product) noexcept {
    return std::ranges::find(fragile, product) != fragile.end();
}

} // namespace atrium::demo
