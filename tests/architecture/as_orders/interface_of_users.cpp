// What orders may do: know the interface of users.
#include <users/directory.hpp>
