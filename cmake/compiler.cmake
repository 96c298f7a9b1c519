# One set of compiler options for every target of this project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual)
# GCC bug 105651: under optimisation g++ 12 takes assigning a literal to a std::string for an overlapping copy.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(ATRIUM_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()

if(ATRIUM_SANITIZE)
  add_compile_options(-fsanitize=${ATRIUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=${ATRIUM_SANITIZE})
  # The sanitizers' own instrumentation confuses these two of g++ 12's warnings.
  add_compile_options(-Wno-maybe-uninitialized -Wno-tsan)
endif()
