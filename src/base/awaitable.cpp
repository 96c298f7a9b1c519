#include <base/awaitable.hpp>
#include <base/error.hpp>

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace atrium {

void spawn_logged(executor target, awaitable<> work, logger log, std::string name) {
    auto report = [log = std::move(log), name = std::move(name)](std::exception_ptr failure) {
        if (failure)
            log.error("a background task failed", {{"task", name}, {"reason", reason_of(failure)}});
    };
    asio::co_spawn(target, std::move(work), std::move(report));
}

} // namespace atrium
