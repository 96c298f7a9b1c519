# `./dev package` builds the Debian package. It contains what cmake/install.cmake installs. Its scripts and the list of its
# configuration files are in packaging/debian/.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ${PROJECT_NAME})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(ATRIUM_MAINTAINER "Atrium maintainers <maintainers@example.com>" CACHE STRING
  "Name and email address in the package's Maintainer field. Set them to your own if you distribute the package.")
set(CPACK_PACKAGE_CONTACT "${ATRIUM_MAINTAINER}")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_SOURCE_DIR}/build/package)
set(CPACK_SET_DESTDIR ON) # because the configuration is not within the prefix
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON) # does not remove the names of functions, because the program exports them

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "backend with REST, GraphQL and events on one SQLite file")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Atrium is one program with two modules, users and orders. Each change and the
event about it are stored in one transaction. Modules can also run in separate
processes that are connected by RabbitMQ.
.
The package contains a systemd service, which listens on 127.0.0.1:8000.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "rabbitmq-server, sqlite3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

file(READ packaging/debian/functions.sh FUNCTIONS)
string(REGEX REPLACE "^#![^\n]*\n" "" FUNCTIONS "${FUNCTIONS}")
foreach(script IN ITEMS preinst postinst prerm postrm)
  configure_file(packaging/debian/${script}.in ${PROJECT_BINARY_DIR}/debian/${script} @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/${script})
endforeach()
configure_file(packaging/debian/conffiles ${PROJECT_BINARY_DIR}/debian/conffiles COPYONLY)
list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/conffiles)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS packaging/debian/functions.sh)
include(CPack)
