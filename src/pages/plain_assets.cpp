#include "plain_assets.hpp"

#include "content_coding.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace atrium::pages {

http::shared_text plain_text(const web::asset& a, http::memory_budget* budget) {
    static std::mutex mutex;
    static std::map<const web::asset*, std::shared_ptr<const std::string>> unpacked;
    const std::lock_guard lock{mutex};
    auto& text = unpacked[&a];
    if (!text) {
        text = std::make_shared<const std::string>(unpack_gzip(a.gzip));
        if (budget)
            budget->share(http::memory_use::assets).take(text->size());
    }
    return {*text, text};
}

} // namespace atrium::pages
