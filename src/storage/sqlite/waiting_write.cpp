#include "sqlite/waiting_write.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstddef>

namespace atrium::storage::sqlite {
namespace {

/// Resumes coroutines of one executor, one after the other.
class resumption {
public:
    explicit resumption(waiting_writes all) : all_{std::move(all)} {}

    void operator()() {
        while (next_ < all_.size()) {
            auto each = std::move(all_[next_++]);
            auto& write = *each;
            try {
                write.resume(std::move(each));
            } catch (...) {
                // Reached if a coroutine has thrown an exception into the io_context. The others must still be resumed.
                if (next_ < all_.size()) {
                    const auto home = all_[next_]->caller_executor;
                    asio::post(home, std::move(*this));
                }
                throw;
            }
        }
    }

private:
    waiting_writes all_;
    std::size_t next_ = 0;
};

} // namespace

void resume_all(waiting_writes& finished) {
    while (!finished.empty()) {
        const auto home = finished.front()->caller_executor;
        const auto others = std::stable_partition(finished.begin(), finished.end(),
                                                  [&](const auto& each) { return each->caller_executor == home; });
        waiting_writes of_home{std::make_move_iterator(finished.begin()), std::make_move_iterator(others)};
        finished.erase(finished.begin(), others);
        asio::post(home, resumption{std::move(of_home)});
    }
}

} // namespace atrium::storage::sqlite
