# Installs packages from npm beside the package-lock.json that lists them.
find_program(NODE node REQUIRED)
find_program(NPM npm REQUIRED)

# Declares a build step that installs the packages in the package-lock.json of the current source folder, again after each
# change of that file. Sets `installed` to a file on which other targets can depend. All build folders share the installed
# packages, so a new build folder needs no network. If npm has to run, it downloads only packages that its cache lacks.
function(npm_packages installed)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE folder)
  set(lock node_modules/.package-lock.json)
  # If npm has nothing to install, it does not update the time of its own lockfile, so `touch` does.
  add_custom_command(
    OUTPUT ${CMAKE_CURRENT_SOURCE_DIR}/${lock}
    COMMAND sh -c "test ${lock} -nt package-lock.json || { \"$0\" \"$@\" && touch ${lock}; }"
      ${NPM} ci --ignore-scripts --prefer-offline --no-audit --loglevel=error
    DEPENDS package-lock.json
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Installing the npm packages of ${folder}/"
    VERBATIM)
  set(${installed} ${CMAKE_CURRENT_SOURCE_DIR}/${lock} PARENT_SCOPE)
endfunction()
