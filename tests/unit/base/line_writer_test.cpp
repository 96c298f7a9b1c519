#include <base/line_writer.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/temporary_directory.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace atrium {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using support::eventually;

constexpr std::size_t large_capacity = 1 << 20;

/// A pipe of the smallest size, which is read only when the test calls `text`.
class small_pipe {
public:
    small_pipe() {
        std::signal(SIGPIPE, SIG_IGN); // the program ignores this signal as well
        REQUIRE(::pipe(ends_.data()) == 0);
        REQUIRE(::fcntl(ends_[1], F_SETPIPE_SZ, 4096) > 0);
        REQUIRE(::fcntl(ends_[0], F_SETFL, O_NONBLOCK) == 0);
    }
    ~small_pipe() {
        close_reader();
        ::close(ends_[1]);
    }
    small_pipe(const small_pipe&) = delete;
    small_pipe& operator=(const small_pipe&) = delete;

    [[nodiscard]] int writer() const { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0)
            ::close(ends_[0]);
        ends_[0] = -1;
    }

    /// Everything that has arrived so far.
    const std::string& text() {
        std::array<char, 4096> bytes{};
        for (auto count = ::read(ends_[0], bytes.data(), bytes.size()); count > 0;
             count = ::read(ends_[0], bytes.data(), bytes.size()))
            text_.append(bytes.data(), static_cast<std::size_t>(count));
        return text_;
    }

private:
    std::array<int, 2> ends_{-1, -1};
    std::string text_;
};

std::string describe_loss(std::uint64_t lines) {
    return "lost " + std::to_string(lines);
}

auto deadline_after(std::chrono::milliseconds duration) {
    return steady_clock::now() + duration;
}

/// Appends lines "0 xxx", "1 xxx", ... until one is dropped. Returns how many lines were appended, including the dropped one.
int append_until_dropped(line_writer& writer) {
    int number = 0;
    while (writer.dropped() == 0)
        writer.append(std::to_string(number++) + " " + std::string(100, 'x'));
    return number;
}

/// Checks that each line is complete, and that the numbers of the lines increase by one. A report of dropped lines stands for
/// as many numbers as lines were dropped. Returns the last number plus one.
int check_order(const std::string& text) {
    REQUIRE(text.ends_with('\n'));
    int next = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        const auto line = text.substr(begin, end - begin);
        begin = end + 1;
        if (line.starts_with("lost "))
            next += std::stoi(line.substr(5));
        else
            REQUIRE(line == std::to_string(next++) + " " + std::string(100, 'x'));
    }
    return next;
}

} // namespace

TEST_CASE("lines are written immediately and in order") {
    small_pipe pipe;
    line_writer writer{pipe.writer(), large_capacity, describe_loss};
    writer.append("one");
    eventually([&] { return pipe.text() == "one\n"; });
    writer.append("two", line_writer::importance::high);
    writer.append(std::string{});
    CHECK(writer.flush(deadline_after(60s)));
    CHECK(pipe.text() == "one\ntwo\n\n");
    CHECK(writer.dropped() == 0);
}

TEST_CASE("the destructor writes waiting lines, even to a slow reader") {
    small_pipe pipe;
    std::thread reader;
    {
        line_writer writer{pipe.writer(), large_capacity, describe_loss};
        for (int i = 0; i < 1000; ++i)
            writer.append(std::to_string(i) + " " + std::string(100, 'x'));
        reader = std::thread{[&] { eventually([&] { return pipe.text().find("\n999 ") != std::string::npos; }); }};
    }
    reader.join();
    CHECK(check_order(pipe.text()) == 1000);
}

TEST_CASE("a reader that does not read delays neither append nor the destructor of a line writer") {
    small_pipe pipe;
    const int descriptor = ::dup(pipe.writer()); // stays open, because the writer's thread may outlive the writer
    std::optional<line_writer> writer{std::in_place, descriptor, 100'000, describe_loss};
    append_until_dropped(*writer);
    CHECK_FALSE(writer->flush(deadline_after(10ms)));

    const auto start = steady_clock::now();
    writer.reset();
    CHECK(steady_clock::now() - start < 30s); // without its time limit, the destructor would never return
    pipe.close_reader();                      // ends the writer's thread
}

TEST_CASE("once lines have been dropped, a line reports how many, and later lines follow it") {
    small_pipe pipe;
    line_writer writer{pipe.writer(), 100'000, describe_loss};
    auto number = append_until_dropped(writer);
    while (writer.dropped() < 20)
        writer.append(std::to_string(number++) + " " + std::string(100, 'x'));

    // The report is written although no other line follows.
    eventually([&] { return pipe.text().find("lost ") != std::string::npos; });
    for (int i = 0; i < 10; ++i)
        writer.append(std::to_string(number++) + " " + std::string(100, 'x'));
    eventually([&] { return pipe.text().find("\n" + std::to_string(number - 1) + " ") != std::string::npos; });
    CHECK(check_order(pipe.text()) == number);
}

TEST_CASE("a line of high importance still fits when ordinary lines are dropped") {
    small_pipe pipe;
    line_writer writer{pipe.writer(), 100'000, describe_loss};
    append_until_dropped(writer);
    const auto dropped = writer.dropped();
    writer.append("the disk is full", line_writer::importance::high);
    CHECK(writer.dropped() == dropped);
    eventually(
        [&] { return pipe.text().find("\nlost " + std::to_string(dropped) + "\nthe disk is full\n") != std::string::npos; });
}

TEST_CASE("the capacity of a line writer also limits lines of high importance, and the size of a single line") {
    small_pipe pipe;
    line_writer writer{pipe.writer(), 100'000, describe_loss};
    writer.append(std::string(100'001, 'x'), line_writer::importance::high);
    CHECK(writer.dropped() == 1);
    int number = 0;
    while (writer.dropped() < 3 && number < 10'000) {
        writer.append(std::string(1000, 'x'), line_writer::importance::high);
        ++number;
    }
    CHECK(number < 110);
    pipe.close_reader();
}

TEST_CASE("lines to a pipe without a reader are dropped and counted") {
    small_pipe pipe;
    line_writer writer{pipe.writer(), large_capacity, describe_loss};
    pipe.close_reader();
    for (int i = 0; i < 100; ++i)
        writer.append("this is not read");
    CHECK(writer.flush(deadline_after(60s)));
    CHECK(writer.dropped() == 100);
}

TEST_CASE("a line that a full disk has cut off does not mix with the next one, and lost lines are reported when there is space "
          "again") {
    std::signal(SIGXFSZ, SIG_IGN); // the program ignores this signal as well
    support::temporary_directory folder;
    const auto path = (folder / "log").string();
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    rlimit old_limit{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
    const auto limit_files = [&](rlim_t bytes) {
        const rlimit limit{.rlim_cur = bytes, .rlim_max = old_limit.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    };
    {
        line_writer writer{file, large_capacity, describe_loss};
        limit_files(150);
        for (int i = 0; i < 3; ++i) {
            writer.append(std::to_string(i) + " " + std::string(98, 'x')); // 101 bytes with the line break
            CHECK(writer.flush(deadline_after(60s)));
        }
        limit_files(old_limit.rlim_cur);
        CHECK(writer.dropped() == 2);
        writer.append("space again");
    }
    ::close(file);
    std::ifstream in_file{path};
    const std::string text{std::istreambuf_iterator<char>{in_file}, {}};
    const auto whole = "0 " + std::string(98, 'x') + "\n";
    CHECK(text == whole + ("1 " + std::string(98, 'x')).substr(0, 49) + "\nlost 2\nspace again\n");
}

TEST_CASE("no lines are lost if another process has made the descriptor non-blocking") {
    small_pipe pipe;
    REQUIRE(::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK) == 0);
    line_writer writer{pipe.writer(), large_capacity, describe_loss};
    for (int i = 0; i < 1000; ++i)
        writer.append(std::to_string(i) + " " + std::string(100, 'x'));
    eventually([&] { return pipe.text().find("\n999 ") != std::string::npos; });
    CHECK(check_order(pipe.text()) == 1000);
    CHECK(writer.dropped() == 0);
}

TEST_CASE("lines of several writers to one pipe do not mix") {
    small_pipe pipe;
    constexpr int lines_per_writer = 500;
    std::atomic<int> flushed = 0; // Catch's checks are not thread-safe
    const auto write = [&](char filler) {
        line_writer writer{pipe.writer(), large_capacity, describe_loss};
        for (int i = 0; i < lines_per_writer; ++i)
            writer.append(std::string(200, filler));
        flushed += writer.flush(deadline_after(60s)) ? 1 : 0;
    };
    std::thread one{write, 'a'};
    std::thread other{write, 'b'};
    eventually([&] { return pipe.text().size() == 2 * lines_per_writer * 201; });
    one.join();
    other.join();
    CHECK(flushed == 2);
    for (std::size_t offset = 0; offset < pipe.text().size(); offset += 201) {
        const auto line = pipe.text().substr(offset, 201);
        REQUIRE(line == std::string(200, line.front()) + '\n');
    }
}

} // namespace atrium
