# One set of compiler options for every target of this project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# If a source has been compiled before, here or in another clone, its object file is taken from ccache. So that this works in
# any clone, ccache makes paths within the clone relative.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true ${CCACHE})
endif()

# Nothing replaces a function of the program at run time, so calls within a file may be inlined despite -fPIC.
add_compile_options(-fno-semantic-interposition)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual)
# False alarms of g++ 12 with optimization: assigning a literal to a std::string (GCC bug 105651), the payload of an empty
# std::optional (GCC bug 80635).
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
# A false alarm of clang with the library of g++ 12: stable_sort and stable_partition use the deprecated get_temporary_buffer.
# g++ still reports each deprecated declaration that Atrium uses.
add_compile_options($<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
if(ATRIUM_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()

if(ATRIUM_SANITIZE)
  add_compile_options(-fsanitize=${ATRIUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=${ATRIUM_SANITIZE})
  # The check vptr uses a pipe to find out whether memory can be read, so it reports errors in tests that use up all file
  # descriptors.
  add_compile_options(-fno-sanitize=vptr)
  # The check named `function` puts data before each function, which clang 14 cannot do for coroutines ("difference across
  # sections").
  add_compile_options($<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>) # a false alarm about coroutine frames, at -O1
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>) # tsan does not support std::atomic_thread_fence, which Boost uses
endif()
