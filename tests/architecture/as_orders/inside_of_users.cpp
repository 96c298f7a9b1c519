// Must not compile: orders must not include a private header of users.
#include "local_directory.hpp"
