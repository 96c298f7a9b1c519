#include "key_set.hpp"
#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium::auth;
using atrium::fuzz::require;

/// The input is either refused, or is a set of keys of which none verifies a text that was not signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto keys = key_set::parse({reinterpret_cast<const char*>(data), size});
    if (!keys) {
        require(!keys.error().detail.empty(), "an error has a detail");
        return 0;
    }
    require(keys->size() > 0 && keys->size() + keys->left_out() <= key_set::max_keys, "the number of keys is limited");
    for (const auto a : {algorithm::rs256, algorithm::ps256, algorithm::es256, algorithm::eddsa})
        if (const auto found = keys->find({}, a); found.key)
            for (const std::size_t length : {0U, 1U, 64U, 256U})
                require(!verify(*found.key, a, "text", std::string(length, 'x')), "a text without a signature is not verified");
    return 0;
}
