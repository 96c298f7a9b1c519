#include <users/events.hpp>
