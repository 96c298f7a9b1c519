# How tests are declared. Modules keep theirs beside their code, so this comes before them.
find_package(Catch2 REQUIRED) # 2.13 or 3
include(Catch)

# A test program: `atrium_test(storage_test SOURCES ... USES storage)`. Each test case in it is a test of ctest.
function(atrium_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE test_support ${arg_USES})
  catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 300)
endfunction()
