# Flags: `project_flags` for all our own code, `project_warnings` on top; generated code gets none of
# the warnings. CHECK and assert stay on in every build.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
if(CMAKE_GENERATOR STREQUAL "Ninja")
  set_property(GLOBAL PROPERTY JOB_POOLS link=1)
  set(CMAKE_JOB_POOL_LINK link)
endif()

foreach(config RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_${config} "${CMAKE_CXX_FLAGS_${config}}")
endforeach()
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")  # names and lines of a stack; a quarter less to compile
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(project_flags INTERFACE)
target_compile_options(project_flags INTERFACE
  -D_GLIBCXX_ASSERTIONS -fstack-reuse=none -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_compile_definitions(project_flags INTERFACE MINQING_VERSION="${PROJECT_VERSION}")
if(MINQING_MUTANTS)
  target_compile_definitions(project_flags INTERFACE MINQING_MUTANTS)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT SANITIZE)
  target_compile_options(project_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full -ftrivial-auto-var-init=zero)
  target_link_options(project_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(SANITIZE)
  target_compile_options(project_flags INTERFACE
    -fsanitize=${SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(project_flags INTERFACE -fsanitize=${SANITIZE})
endif()

add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align
  -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wformat=2 -Wimplicit-fallthrough -Wundef
  -Wvla -Wdate-time)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_warnings INTERFACE
    -Wuseless-cast -Wsuggest-override -Wduplicated-cond -Wduplicated-branches -Wlogical-op
    -Wredundant-decls -Wbidi-chars=any -fno-extended-identifiers)
endif()
if(WERROR)
  target_compile_options(project_warnings INTERFACE -Werror)
endif()
