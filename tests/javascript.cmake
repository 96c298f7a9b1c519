# Tests in JavaScript, with clients and reference implementations from npm. Their packages are in tests/package.json.
include(npm)
npm_packages(installed)
add_custom_target(javascript_packages ALL DEPENDS ${installed})

# The time limit of a test file, in seconds. A wait inside a test has a shorter limit: see clients/atrium.mjs.
set(javascript_timeout 600)
if(ATRIUM_SANITIZE)
  set(javascript_timeout 1800)
endif()

# `javascript_test(clients/graphiql graphiql.test.mjs)` adds a CTest test that runs the file with `node --test`.
# $ATRIUM_BINARY is the path of the built program.
function(javascript_test name file)
  add_test(NAME ${name} COMMAND ${NODE} --test ${file} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    LABELS "system;javascript"
    TIMEOUT ${javascript_timeout}
    ENVIRONMENT "ATRIUM_BINARY=$<TARGET_FILE:atrium>;ATRIUM_SANITIZE=${ATRIUM_SANITIZE}")
endfunction()
