# How tests are declared. Modules declare their own tests with these functions, so this file is included before the modules.
find_package(Catch2 REQUIRED) # 2.13 or 3
include(Catch)

# The option with which a test program fails if its filter matches no test case.
if(Catch2_VERSION VERSION_LESS 3)
  set(warn_unmatched --warn NoTests)
else()
  set(warn_unmatched --warn UnmatchedTestSpec)
endif()

# The compiler option for folders of tests. It optimizes less, because compiling the code of tests takes longer than running
# it. The code under test is compiled with the same options as in the program.
set(ATRIUM_TEST_OPTIMIZATION $<$<CONFIG:Release>:-O1>)

# The folder for recordings of what clients and servers send to each other in tests (see RECORDED below).
set(ATRIUM_RECORDINGS ${CMAKE_BINARY_DIR}/recordings)

# Declares a test program: `atrium_test(storage_test SOURCES ... USES storage)`. Each of its test cases is a test of ctest.
# A test case must not have a semicolon in its name: ctest would split the name there, the resulting filter would match no test
# case, and the test would fail. With TOGETHER, the whole program is one test of ctest, for test cases that share something that
# is slow to start, such as a broker. With RECORDED, the requests that its clients send and the responses that they receive are
# recorded for tests/api_description.
function(atrium_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TOGETHER;RECORDED" "" "SOURCES;USES;LABELS")
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
  if(arg_RECORDED)
    list(APPEND properties
      ENVIRONMENT ATRIUM_RECORDINGS=${ATRIUM_RECORDINGS} FIXTURES_REQUIRED recordings_begin FIXTURES_SETUP recordings)
  endif()
  catch_discover_tests(${name} TEST_PREFIX "${name}: " EXTRA_ARGS ${warn_unmatched} PROPERTIES ${properties})
endfunction()

# Adds a test of ctest that runs all test cases of a program again, with TLS between their servers and clients. Test cases with
# the tag [plain] are left out, because they test behavior that exists only on connections without TLS.
function(atrium_test_over_tls name)
  set(test "${name}: all test cases over TLS")
  add_test(NAME "${test}" COMMAND ${name} "~[plain]")
  set_tests_properties("${test}" PROPERTIES ENVIRONMENT ATRIUM_HTTP_OVER_TLS=1 TIMEOUT 900)
endfunction()
