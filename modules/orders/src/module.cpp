#include <orders/module.hpp>
