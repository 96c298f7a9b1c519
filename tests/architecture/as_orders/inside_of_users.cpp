// What orders must not do: know a private header of users.
#include "local_directory.hpp"
