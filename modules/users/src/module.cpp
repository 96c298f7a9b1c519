#include <users/module.hpp>
