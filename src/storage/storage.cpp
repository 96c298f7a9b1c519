#include <storage/sqlite/database.hpp>
