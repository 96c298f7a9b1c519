#pragma once

#include <http/memory_budget.hpp>
#include <http/response.hpp>
#include <web/assets.hpp>

namespace atrium::pages {

/// The uncompressed content of an asset. It is unpacked once per process and kept. The first call for an asset counts its size
/// in `budget`, unless `budget` is null. Can be called from any thread. Throws std::logic_error if the asset is damaged (see
/// `unpack_gzip`).
[[nodiscard]] http::shared_text plain_text(const web::asset& a, http::memory_budget* budget);

} // namespace atrium::pages
