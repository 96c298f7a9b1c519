// What orders must not do: know the module behind the interface.
#include <users/module.hpp>
