// Must compile: orders may include the interface of users.
#include <users/directory.hpp>
