# SPDX-License-Identifier: MIT
#
# Compiler settings, dependencies, and the functions that the folders' CMakeLists.txt use:
#   workshop_library(<name> [DEPS lib...])            all *.cpp of the folder but server.cpp, tests and fuzzers
#   workshop_server(<name> [DEPS lib...])             an executable of server.cpp
#   workshop_tests([DEPS lib...])                     *_test.cpp -> test-<folder>, *_fuzz.cpp -> fuzz-<file> (WORKSHOP_FUZZ)
# Every source is resolved work-first: WORKSHOP_OVERLAY/<path> replaces <path>.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(workshop_options INTERFACE)
target_include_directories(workshop_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(workshop_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                       -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  # GCC 12 and 13 see overlapping copies in std::string's assignment where there are none (GCC bug 105329).
  target_compile_options(workshop_options INTERFACE -Wno-restrict)
endif()
if(WORKSHOP_WERROR)
  target_compile_options(workshop_options INTERFACE -Werror)
endif()
if(WORKSHOP_OVERLAY)
  # A learner's build runs the code that the guides explain: no fast path beside it.
  target_compile_definitions(workshop_options INTERFACE WORKSHOP_FAST_PATHS=0 _GLIBCXX_ASSERTIONS)
else()
  target_compile_definitions(workshop_options INTERFACE WORKSHOP_FAST_PATHS=1)
endif()

set(sanitizers "")
if(WORKSHOP_SANITIZE)
  # vptr asks the system for a pipe at each check, and accuses the code when there is none left (stage 01, task 3).
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined
                 -fno-omit-frame-pointer)
elseif(WORKSHOP_TSAN)
  set(sanitizers -fsanitize=thread)
elseif(WORKSHOP_FUZZ)
  set(sanitizers -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined)
endif()
if(sanitizers)
  target_compile_options(workshop_options INTERFACE ${sanitizers})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code hides initialisations from GCC's flow analysis: false alarms inside <regex> and <functional>.
    target_compile_options(workshop_options INTERFACE -Wno-maybe-uninitialized)
    if(WORKSHOP_TSAN)
      # Asio fences where ThreadSanitizer does not look. What our threads share goes through a mutex.
      target_compile_options(workshop_options INTERFACE -Wno-tsan)
    endif()
  endif()
  target_link_options(workshop_options INTERFACE ${sanitizers})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig QUIET)

find_path(ASIO_INCLUDE_DIR asio.hpp)
find_path(XXHASH_INCLUDE_DIR xxhash.h)
find_path(LZF_INCLUDE_DIR lzf.h PATH_SUFFIXES liblzf)  # Debian keeps it in a folder of its own
find_library(LZF_LIBRARY NAMES lzf liblzf)
find_package(fmt QUIET)
find_package(OpenSSL QUIET)  # the full server alone: SHA-1 for DEBUG DIGEST
foreach(need "asio.hpp;ASIO_INCLUDE_DIR;libasio-dev" "xxhash.h;XXHASH_INCLUDE_DIR;libxxhash-dev" "fmt;fmt_FOUND;libfmt-dev"
             "lzf.h;LZF_INCLUDE_DIR;liblzf-dev" "liblzf;LZF_LIBRARY;liblzf-dev" "OpenSSL;OPENSSL_FOUND;libssl-dev")
  list(GET need 0 what)
  list(GET need 1 variable)
  list(GET need 2 package)
  if(NOT ${variable})
    message(FATAL_ERROR "${what} was not found (Debian: ${package}); 'make deps' installs it.")
  endif()
endforeach()

# jemalloc: bytes per size class are known without asking, sized free is cheap. Sanitizers bring their own allocator.
add_library(workshop_allocator INTERFACE)
if(NOT sanitizers)
  find_path(JEMALLOC_INCLUDE_DIR jemalloc/jemalloc.h)
  find_library(JEMALLOC_LIBRARY jemalloc)
  if(JEMALLOC_INCLUDE_DIR AND JEMALLOC_LIBRARY)
    target_compile_definitions(workshop_allocator INTERFACE WORKSHOP_JEMALLOC=1)
    target_include_directories(workshop_allocator SYSTEM INTERFACE "${JEMALLOC_INCLUDE_DIR}")
    target_link_libraries(workshop_allocator INTERFACE "${JEMALLOC_LIBRARY}")
  endif()
endif()

# Asio is compiled once. UNSAFE_IO drops the reactor's locks and still lets other threads post.
add_library(asio STATIC "${CMAKE_SOURCE_DIR}/shared/net/asio_impl.cpp")
target_include_directories(asio SYSTEM PUBLIC "${ASIO_INCLUDE_DIR}")
# Asio 1.22 chooses its aligned allocation by a macro of whichever standard header came first: one choice for all units.
target_compile_definitions(asio PUBLIC ASIO_STANDALONE ASIO_SEPARATE_COMPILATION ASIO_NO_DEPRECATED
                           ASIO_DISABLE_STD_ALIGNED_ALLOC)
target_link_libraries(asio PUBLIC Threads::Threads PRIVATE workshop_options)
target_compile_options(asio PRIVATE -w)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Asio 1.22 looks for coroutines where Clang kept them before they were standard.
  target_compile_definitions(asio PUBLIC ASIO_HAS_CO_AWAIT=1 ASIO_HAS_STD_COROUTINE=1)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 takes a coroutine frame's own operator new and delete for a mismatched pair.
  target_compile_options(asio INTERFACE -Wno-mismatched-new-delete)
endif()

function(workshop_resolve out)
  set(resolved "")
  foreach(source ${ARGN})
    file(RELATIVE_PATH relative "${CMAKE_SOURCE_DIR}" "${source}")
    if(WORKSHOP_OVERLAY)
      get_filename_component(overlay "${WORKSHOP_OVERLAY}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
      if(EXISTS "${overlay}/${relative}")
        set(source "${overlay}/${relative}")
      endif()
    endif()
    list(APPEND resolved "${source}")
  endforeach()
  set(${out} "${resolved}" PARENT_SCOPE)
endfunction()

function(workshop_library name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|[0-9][0-9]-[a-z0-9-]+/server|/main|/asio_impl|_main)\\.cpp$")
  workshop_resolve(sources ${sources})
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC workshop_options ${ARG_DEPS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE workshop_options ${ARG_DEPS})
  endif()
endfunction()

function(workshop_server name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  workshop_resolve(source "${CMAKE_CURRENT_SOURCE_DIR}/server.cpp")
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE workshop_options ${ARG_DEPS})
endfunction()

# Catch2 3 brings a compiled main; version 2 is one header, compiled here once.
find_package(Catch2 QUIET)
if(Catch2_FOUND)
  add_library(catch_main STATIC EXCLUDE_FROM_ALL "${CMAKE_SOURCE_DIR}/cmake/catch_main.cpp")
  target_link_libraries(catch_main PUBLIC Catch2::Catch2 PRIVATE workshop_options)
  target_compile_options(catch_main PRIVATE -w)
  if(Catch2_VERSION VERSION_GREATER_EQUAL 3)
    target_compile_definitions(catch_main PRIVATE WORKSHOP_CATCH_V3)
  endif()
endif()

function(workshop_tests)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
  if(WORKSHOP_FUZZ)
    file(GLOB fuzzers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_fuzz.cpp")
    foreach(fuzzer ${fuzzers})
      get_filename_component(file "${fuzzer}" NAME_WE)
      string(REPLACE "_fuzz" "" file "${file}")
      string(REPLACE "_" "-" file "${file}")
      add_executable(fuzz-${file} "${fuzzer}")
      target_link_libraries(fuzz-${file} PRIVATE workshop_options ${ARG_DEPS})
      target_link_options(fuzz-${file} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp")
  if(sources AND TARGET catch_main AND NOT WORKSHOP_OVERLAY)
    add_executable(test-${folder} ${sources})
    target_link_libraries(test-${folder} PRIVATE workshop_options catch_main ${ARG_DEPS})
    add_test(NAME ${folder} COMMAND test-${folder})
  endif()
endfunction()
