#pragma once

#include <base/ids.hpp>

namespace atrium::widgets {

using widget_id = id<struct widget_tag>;

} // namespace atrium::widgets
