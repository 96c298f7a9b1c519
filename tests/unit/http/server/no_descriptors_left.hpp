#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace atrium::http::test {

/// Uses up all file descriptors of this process until it is destroyed.
class no_descriptors_left {
public:
    no_descriptors_left() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto fewer = before_;
        fewer.rlim_cur = 200;
        ::setrlimit(RLIMIT_NOFILE, &fewer);
        for (int fd = ::dup(0); fd >= 0; fd = ::dup(0))
            taken_.push_back(fd);
    }
    ~no_descriptors_left() {
        for (const int fd : taken_)
            ::close(fd);
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }
    no_descriptors_left(const no_descriptors_left&) = delete;
    no_descriptors_left& operator=(const no_descriptors_left&) = delete;

private:
    rlimit before_{};
    std::vector<int> taken_;
};

} // namespace atrium::http::test
