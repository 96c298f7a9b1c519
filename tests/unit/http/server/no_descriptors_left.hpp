#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace atrium::http::test {

/// Uses up all file descriptors of this process until it is destroyed.
class no_descriptors_left {
public:
    no_descriptors_left() {
        ::getrlimit(RLIMIT_NOFILE, &previous_limit_);
        auto fewer = previous_limit_;
        fewer.rlim_cur = 200; // lowers the limit, so that fewer descriptors have to be used up
        ::setrlimit(RLIMIT_NOFILE, &fewer);
        for (int fd = ::dup(0); fd >= 0; fd = ::dup(0))
            descriptors_.push_back(fd);
    }
    ~no_descriptors_left() {
        for (const int fd : descriptors_)
            ::close(fd);
        ::setrlimit(RLIMIT_NOFILE, &previous_limit_);
    }
    no_descriptors_left(const no_descriptors_left&) = delete;
    no_descriptors_left& operator=(const no_descriptors_left&) = delete;

private:
    rlimit previous_limit_{};
    std::vector<int> descriptors_;
};

} // namespace atrium::http::test
