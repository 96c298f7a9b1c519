#include <base/clock.hpp>

#include <algorithm>
#include <array>

namespace atrium {
namespace {

using namespace std::chrono;

/// Reads decimal numbers of a fixed width and single characters from the front of a string. After the first unexpected
/// character, `done` returns false.
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

/// The numbers from 0 to 99 with two digits each: "000102" and so on, up to "99".
constexpr auto pairs_of_digits = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i)
        pairs[i] = static_cast<char>('0' + (i % 2 == 0 ? i / 20 : i / 2 % 10));
    return pairs;
}();

/// Writes a number below 100 as two digits.
void put_two_digits(char* target, unsigned number) {
    std::copy_n(&pairs_of_digits[2 * std::size_t{number}], 2, target);
}

/// Writes the year, month and day into "YYYY-MM-DDThh:mm:ss.sssZ".
void put_date(char* target, sys_days day) {
    const year_month_day date{day};
    const auto year_number = static_cast<unsigned>(static_cast<int>(date.year()));
    put_two_digits(target, year_number / 100 % 100);
    put_two_digits(target + 2, year_number % 100);
    put_two_digits(target + 5, static_cast<unsigned>(date.month()));
    put_two_digits(target + 8, static_cast<unsigned>(date.day()));
}

} // namespace

timestamp system_clock::now() const {
    return floor<milliseconds>(std::chrono::system_clock::now());
}

void write_time_of_day(char* target, milliseconds since_midnight) {
    const auto in_day = static_cast<unsigned>(since_midnight.count());
    const auto second = in_day / 1'000;
    const auto minute = second / 60;
    put_two_digits(target + 11, minute / 60);
    put_two_digits(target + 14, minute % 60);
    put_two_digits(target + 17, second % 60);
    put_two_digits(target + 20, in_day % 1'000 / 10);
    target[22] = static_cast<char>('0' + in_day % 10);
}

void write_rfc3339(char* target, timestamp when) {
    std::string_view{"YYYY-MM-DDThh:mm:ss.sssZ"}.copy(target, rfc3339_size);
    const auto day = floor<days>(when);
    put_date(target, day);
    write_time_of_day(target, when - day);
}

std::string to_rfc3339(timestamp when) {
    std::string text(rfc3339_size, ' ');
    write_rfc3339(text.data(), when);
    return text;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    field_reader fields{text};
    const int y = fields.digits(4);
    fields.literal('-');
    const int mo = fields.digits(2);
    fields.literal('-');
    const int d = fields.digits(2);
    if (!fields.accept('T') && !fields.accept('t'))
        fields.literal(' ');
    const int h = fields.digits(2);
    fields.literal(':');
    const int mi = fields.digits(2);
    fields.literal(':');
    const int s = fields.digits(2);
    const int ms = fields.accept('.') ? fields.fraction() : 0;

    minutes offset{0};
    if (!fields.accept('Z') && !fields.accept('z')) {
        const bool west = fields.accept('-');
        if (!west)
            fields.literal('+');
        const int oh = fields.digits(2);
        fields.literal(':');
        const int om = fields.digits(2);
        if (oh > 23 || om > 59)
            return std::nullopt;
        offset = hours{west ? -oh : oh} + minutes{west ? -om : om};
    }

    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!fields.done() || !date.ok() || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    const auto when = timestamp{sys_days{date}} + hours{h} + minutes{mi} + seconds{s} + milliseconds{ms} - offset;
    constexpr timestamp first{sys_days{year{0} / January / 1}};
    constexpr timestamp end{sys_days{year{10'000} / January / 1}};
    return when >= first && when < end ? std::optional{when} : std::nullopt; // the offset can lead to another year
}

} // namespace atrium
