#include <orders/events.hpp>
