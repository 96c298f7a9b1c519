# How tests are declared. Modules keep theirs beside their code, so this comes before them.
find_package(Catch2 REQUIRED) # 2.13 or 3
include(Catch)

# A test program: `atrium_test(storage_test SOURCES ... USES storage)`. Each test case in it is a test of ctest. A name that ctest cannot
# hand on (one with a semicolon) fails as a test that does not exist. TOGETHER makes the whole program one test of ctest, for test cases
# that share what takes long to start.
function(atrium_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TOGETHER" "" "SOURCES;USES;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE test_support ${arg_USES})
  if(arg_TOGETHER)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS "${arg_LABELS}")
    return()
  endif()
  set(properties TIMEOUT 300)
  if(arg_LABELS)
    list(APPEND properties LABELS ${arg_LABELS})
  endif()
  catch_discover_tests(${name} TEST_PREFIX "${name}: " EXTRA_ARGS --warn NoTests PROPERTIES ${properties})
endfunction()
