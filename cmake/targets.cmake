# The functions that declare the parts of Atrium.
#
#   atrium_library(storage SOURCES ... USES base metrics LIBRARIES asio SQLite::SQLite3)
#
# creates the static library `storage` with `api/` as its only public include folder; all other headers are private. USES lists
# targets of Atrium, LIBRARIES external ones; tests/architecture/allowed_dependencies.txt has the rules for both.
function(atrium_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LIBRARIES")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC api PRIVATE .)
  target_link_libraries(${name} PUBLIC ${arg_USES} ${arg_LIBRARIES})
endfunction()

# A room is a subfolder of a part (a folder under src/) that is a target of its own. tests/architecture fails if a room includes
# headers of a room that it must not use, or links to it.
#
#   atrium_room(http framing SOURCES ... USES http_messages LIBRARIES asio)
#
# creates the static library `http_framing` of src/http/framing. The rooms of a part share its public include folder `api/`, and
# include each other's private headers as "ROOM/header.hpp". A row `http/framing` of tests/architecture/allowed_dependencies.txt
# lists the rooms that it may use.
function(atrium_room part room)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;USES;LIBRARIES")
  set(name ${part}_${room})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src/${part}/api PRIVATE ${CMAKE_SOURCE_DIR}/src/${part})
  target_link_libraries(${name} PUBLIC ${arg_USES} ${arg_LIBRARIES})
endfunction()

# The interface of a module for other modules: `atrium_module_api(users)` creates the target `users_api`, whose headers are in
# the folder `api/` of the module.
function(atrium_module_api name)
  add_library(${name}_api INTERFACE)
  target_include_directories(${name}_api INTERFACE api)
  target_link_libraries(${name}_api INTERFACE base)
endfunction()

# The module itself:
#
#   atrium_module(orders SOURCES src/module.cpp ... USES users_api)
#
# creates the static library `orders` with the include folder `include/`, which is for src/app, and the private folder `src/`.
# The library always uses host, resource and the api of its own module. USES lists the apis of other modules that this
# module uses. It is the only such list: tests/architecture compares it with the includes, and finds cycles. migrations/orders/
# is embedded, and tests/ contains the tests. The global property ATRIUM_MODULES has the names of all modules.
function(atrium_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LIBRARIES")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC include PRIVATE src)
  target_link_libraries(${name} PUBLIC host resource ${name}_api ${arg_USES} PRIVATE ${arg_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY ATRIUM_MODULES ${name})
  atrium_embed_migrations(${name} ${name})
  if(BUILD_TESTING)
    add_compile_options(${ATRIUM_TEST_OPTIMIZATION})
    add_subdirectory(tests)
  endif()
endfunction()

# Embeds migrations/OWNER/NNNN_name.sql in `target`, as the array `atrium::OWNER::migrations` of its private header
# "migrations.hpp".
function(atrium_embed_migrations target owner)
  set(folder ${CMAKE_SOURCE_DIR}/migrations/${owner})
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  set(MIGRATION_ENTRIES "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
      message(FATAL_ERROR "${file}: the name of a migration must have the form NNNN_words.sql")
    endif()
    math(EXPR version "1${CMAKE_MATCH_1} - 10000")
    file(READ ${file} sql)
    string(APPEND MIGRATION_ENTRIES "    {${version}, \"${name}\", R\"migration(${sql})migration\"},\n")
  endforeach()
  set(MIGRATION_OWNER ${owner})
  configure_file(${CMAKE_SOURCE_DIR}/cmake/migrations.hpp.in ${CMAKE_CURRENT_BINARY_DIR}/migrations/migrations.hpp @ONLY)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/migrations)
endfunction()
