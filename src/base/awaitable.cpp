#include <base/awaitable.hpp>

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace atrium {

void spawn_logged(executor where, awaitable<> work, logger log, std::string name) {
    auto report = [log = std::move(log), name = std::move(name)](std::exception_ptr failure) {
        if (!failure)
            return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            log.error("a background task failed", {{"task", name}, {"reason", e.what()}});
        } catch (...) {
            log.error("a background task failed", {{"task", name}, {"reason", "unknown exception"}});
        }
    };
    asio::co_spawn(where, std::move(work), std::move(report));
}

} // namespace atrium
