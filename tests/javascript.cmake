# Tests in JavaScript: clients and references that come from npm. Their packages are those of tests/package.json.
include(npm)
npm_packages(installed)
add_custom_target(javascript_packages ALL DEPENDS ${installed})

# In seconds. What waits inside these tests has a limit of its own: clients/atrium.mjs.
set(javascript_timeout 600)
if(ATRIUM_SANITIZE)
  set(javascript_timeout 1800)
endif()

# A file for `node --test`, which finds the program in $ATRIUM_BINARY: `javascript_test(clients/graphiql graphiql.test.mjs)`.
function(javascript_test name file)
  add_test(NAME ${name} COMMAND ${NODE} --test ${file} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    LABELS "system;javascript"
    TIMEOUT ${javascript_timeout}
    ENVIRONMENT "ATRIUM_BINARY=$<TARGET_FILE:atrium>;ATRIUM_SANITIZE=${ATRIUM_SANITIZE}")
endfunction()
