# Tests in JavaScript: clients and references that come from npm. Their packages are those of tests/package.json.
find_program(NODE node REQUIRED)
find_program(NPM npm REQUIRED)

set(installed ${CMAKE_CURRENT_SOURCE_DIR}/node_modules/.package-lock.json)

# npm leaves the time of its own lockfile alone where nothing had to be installed.
add_custom_command(
  OUTPUT ${installed}
  COMMAND ${NPM} ci --ignore-scripts --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${installed}
  DEPENDS package-lock.json
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
  COMMENT "Installing the npm packages of tests/"
  VERBATIM)
add_custom_target(javascript_packages ALL DEPENDS ${installed})

# A file for `node --test`, which finds the program in $ATRIUM_BINARY: `javascript_test(clients/graphiql graphiql.test.mjs)`.
function(javascript_test name file)
  add_test(NAME ${name} COMMAND ${NODE} --test ${file} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    LABELS "system;javascript"
    TIMEOUT 600
    ENVIRONMENT "ATRIUM_BINARY=$<TARGET_FILE:atrium>;ATRIUM_SANITIZE=${ATRIUM_SANITIZE}")
endfunction()
