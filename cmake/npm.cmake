# Packages from npm, beside the package-lock.json that names them.
find_program(NODE node REQUIRED)
find_program(NPM npm REQUIRED)

# Installs what the package-lock.json of this folder names, again whenever that has changed, and sets `installed` to the file that
# says so, for others to depend on. All build folders share what is installed: a new one takes it as it is, without a network.
# Where npm has to work, it asks the network only for what its cache lacks.
function(npm_packages installed)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE folder)
  set(lock node_modules/.package-lock.json)
  # npm leaves the time of its own lockfile alone where nothing had to be installed.
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
