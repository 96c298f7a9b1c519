// Must not compile: orders must not include the module behind the interface.
#include <users/module.hpp>
