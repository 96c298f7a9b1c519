#include <base/clock.hpp>

#include <algorithm>
#include <array>

namespace atrium {
namespace {

using namespace std::chrono;

/// Reads fixed-width decimal numbers from the front of a text. After the first text that is not one, the reader stays failed.
class field_reader {
public:
    explicit field_reader(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        int number = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9')
                return fail();
            number = number * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return number;
    }

    void literal(char expected) {
        if (!accept(expected))
            fail();
    }

    bool accept(char expected) {
        if (rest_.empty() || rest_.front() != expected)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Reads a fraction of a second with any number of digits, and returns whole milliseconds.
    int fraction() {
        int number = 0;
        std::size_t count = 0;
        for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count)
            if (count < 3)
                number = number * 10 + (rest_[count] - '0');
        if (count == 0)
            return fail();
        for (auto have = count; have < 3; ++have)
            number *= 10;
        rest_.remove_prefix(count);
        return number;
    }

    [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

private:
    int fail() {
        ok_ = false;
        return 0;
    }

    std::string_view rest_;
    bool ok_ = true;
};

/// "000102" and so on up to "99".
constexpr auto pairs_of_digits = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i)
        pairs[i] = static_cast<char>('0' + (i % 2 == 0 ? i / 20 : i / 2 % 10));
    return pairs;
}();

/// Writes a number below 100 as two digits.
void put_two_digits(char* at, unsigned number) {
    std::copy_n(&pairs_of_digits[2 * std::size_t{number}], 2, at);
}

} // namespace

timestamp system_clock::now() const {
    return floor<milliseconds>(std::chrono::system_clock::now());
}

void write_rfc3339(char* to, timestamp when) {
    const auto day = floor<days>(when);
    const year_month_day date{day};
    const auto year_number = static_cast<unsigned>(static_cast<int>(date.year()));
    const auto in_day = static_cast<unsigned>((when - day).count());
    const auto second = in_day / 1'000;
    const auto minute = second / 60;

    std::string_view{"YYYY-MM-DDThh:mm:ss.sssZ"}.copy(to, rfc3339_size);
    put_two_digits(to, year_number / 100 % 100);
    put_two_digits(to + 2, year_number % 100);
    put_two_digits(to + 5, static_cast<unsigned>(date.month()));
    put_two_digits(to + 8, static_cast<unsigned>(date.day()));
    put_two_digits(to + 11, minute / 60);
    put_two_digits(to + 14, minute % 60);
    put_two_digits(to + 17, second % 60);
    put_two_digits(to + 20, in_day % 1'000 / 10);
    to[22] = static_cast<char>('0' + in_day % 10);
}

std::string to_rfc3339(timestamp when) {
    std::string text(rfc3339_size, ' ');
    write_rfc3339(text.data(), when);
    return text;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    field_reader in{text};
    const int y = in.digits(4);
    in.literal('-');
    const int mo = in.digits(2);
    in.literal('-');
    const int d = in.digits(2);
    if (!in.accept('T') && !in.accept('t'))
        in.literal(' ');
    const int h = in.digits(2);
    in.literal(':');
    const int mi = in.digits(2);
    in.literal(':');
    const int s = in.digits(2);
    const int ms = in.accept('.') ? in.fraction() : 0;

    minutes offset{0};
    if (!in.accept('Z') && !in.accept('z')) {
        const bool west = in.accept('-');
        if (!west)
            in.literal('+');
        const int oh = in.digits(2);
        in.literal(':');
        const int om = in.digits(2);
        if (oh > 23 || om > 59)
            return std::nullopt;
        offset = hours{west ? -oh : oh} + minutes{west ? -om : om};
    }

    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!in.done() || !date.ok() || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    return timestamp{sys_days{date}} + hours{h} + minutes{mi} + seconds{s} + milliseconds{ms} - offset;
}

} // namespace atrium
