# Builds misuse.cpp, which must not compile, and checks that the compiler prints each of these messages, in any order:
# cmake -DBUILD_FOLDER=... -P misuse.cmake
set(sentences
  "a loader returns awaitable<column<Row>>"
  "field takes a member of the row"
  "a function that waits gets all rows of its level in one call"
  "a function for one row takes const Row&"
  "a function for all rows takes std::span<const Row>"
  "a function for all rows returns awaitable<column<T>>"
  "a root type has no rows"
  "only a root type has functions without rows"
  "a function of a root type takes nothing, or const field_call&"
  "a stream is opened by awaitable<result<std::unique_ptr<event_source<T>>>>")

execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD_FOLDER} --target graphql_misuse
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "misuse.cpp compiles")
endif()
foreach(sentence IN LISTS sentences)
  string(FIND "${output}" ": ${sentence}" place) # ": " excludes lines of the source that the compiler quotes
  if(place EQUAL -1)
    message(FATAL_ERROR "the compiler does not print \"${sentence}\":\n${output}")
  endif()
endforeach()
