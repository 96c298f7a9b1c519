# What `cmake --install` installs: the program, its manual page, completions, documentation, configuration and systemd unit.
include(GNUInstallDirs)
get_property(texts GLOBAL PROPERTY ATRIUM_TEXTS)

install(TARGETS atrium RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${texts}/atrium.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${texts}/atrium.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME atrium)
install(FILES ${texts}/_atrium DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${texts}/atrium.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")

configure_file(cmake/install_system_files.cmake.in ${PROJECT_BINARY_DIR}/install_system_files.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/install_system_files.cmake)
