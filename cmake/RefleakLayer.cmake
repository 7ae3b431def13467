# refleak_layer(NAME [CLANG] [HMAP] [USES LAYER...])
#
# Declares the layer in the current folder: every .cpp in it becomes the static library refleak_NAME. Layers include each
# other as "layer/Header.h". A layer may include itself and what USES lists (and what those list); anything else, a
# Clang header without CLANG or a header of hmap without HMAP fails the build (cmake/CheckIncludes.cmake).

find_package(Clang 22.1 REQUIRED CONFIG) # LLVM takes any other minor version for incompatible
if(NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR "refleak needs LLVM 22, found ${LLVM_PACKAGE_VERSION}")
endif()
find_package(nlohmann_json 3.11 REQUIRED)

# Distributions build LLVM's shared library, and then Clang's static libraries say that they need it. Linked statically
# they need the components instead.
llvm_map_components_to_libnames(llvm_components support option targetparser binaryformat bitreader bitstreamreader core
  frontenddirective frontenddriver frontendhlsl frontendopenmp frontendatomic object mc mcparser profiledata
  windowsdriver)
list(FILTER CLANG_EXPORTED_TARGETS INCLUDE REGEX "^clang[A-Z]")
foreach(library IN LISTS CLANG_EXPORTED_TARGETS)
  get_target_property(needs ${library} INTERFACE_LINK_LIBRARIES)
  if(needs AND "LLVM" IN_LIST needs)
    list(REMOVE_ITEM needs LLVM)
    set_target_properties(${library} PROPERTIES INTERFACE_LINK_LIBRARIES "${needs};${llvm_components}")
  endif()
endforeach()

add_library(refleak_options INTERFACE)
target_compile_options(refleak_options INTERFACE -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections
  -Wall -Wextra -Wpedantic -Wshadow -Wno-unused-parameter)
target_compile_definitions(refleak_options INTERFACE JSON_NOEXCEPTION
  "REFLEAK_VERSION=\"${PROJECT_VERSION}\"")
separate_arguments(llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(refleak_options INTERFACE ${llvm_definitions})
target_include_directories(refleak_options INTERFACE ${PROJECT_SOURCE_DIR}/lib)
target_include_directories(refleak_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
target_link_libraries(refleak_options INTERFACE LLVMSupport)
target_link_options(refleak_options INTERFACE -fuse-ld=lld -Wl,--gc-sections)
if(REFLEAK_SANITIZE)
  target_compile_options(refleak_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer -g1)
  target_link_options(refleak_options INTERFACE -fsanitize=address,undefined)
  add_library(refleak_sanitizer_options OBJECT ${CMAKE_CURRENT_LIST_DIR}/SanitizerOptions.cpp)
  target_sources(refleak_options INTERFACE $<TARGET_OBJECTS:refleak_sanitizer_options>)
endif()
if(REFLEAK_FUZZ)
  target_compile_options(refleak_options INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined)
endif()

function(refleak_layer name)
  cmake_parse_arguments(arg "CLANG;HMAP" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(refleak_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(refleak_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(refleak_${name} ${scope} refleak_options nlohmann_json::nlohmann_json)
  set(allowed ${name})
  foreach(used IN LISTS arg_USES)
    target_link_libraries(refleak_${name} ${scope} refleak_${used})
    get_property(inherited GLOBAL PROPERTY refleak_allowed_${used})
    list(APPEND allowed ${inherited})
  endforeach()
  list(REMOVE_DUPLICATES allowed)
  set_property(GLOBAL PROPERTY refleak_allowed_${name} "${allowed}")
  if(arg_HMAP)
    target_link_libraries(refleak_${name} ${scope} refleak::hmap)
    list(APPEND allowed hmap)
  endif()
  file(GLOB headers_and_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  refleak_check_includes(${name} "${allowed}" "${arg_CLANG}" ${headers_and_sources})
  if(arg_CLANG AND sources)
    refleak_clang_headers(refleak_${name})
  endif()
endfunction()

# Fails the build of refleak_NAME when one of the files includes a layer that is not in ALLOWED.
function(refleak_check_includes name allowed clang)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.includes)
  string(REPLACE ";" "," allowed_list "${allowed}")
  string(REPLACE ";" "," file_list "${ARGN}")
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -DFILES=${file_list} -DNAME=${name} -DALLOWED=${allowed_list} -DCLANG=${clang}
      -DSTAMP=${stamp} -P ${PROJECT_SOURCE_DIR}/cmake/CheckIncludes.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/CheckIncludes.cmake
    COMMENT "Checking what ${name} includes" VERBATIM)
  add_custom_target(refleak_${name}_includes ALL DEPENDS ${stamp})
  add_dependencies(refleak_${name} refleak_${name}_includes)
endfunction()

# Clang's headers take seconds to parse: every file that sees them shares one precompiled header.
function(refleak_clang_headers target)
  if(NOT TARGET refleak_clang_pch)
    # Not written again when CMake runs again, or all that uses the precompiled headers would be compiled again.
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/clang_pch.cpp CONTENT "")
    add_library(refleak_clang_pch STATIC ${CMAKE_BINARY_DIR}/clang_pch.cpp)
    target_link_libraries(refleak_clang_pch PUBLIC refleak_options nlohmann_json::nlohmann_json)
    target_precompile_headers(refleak_clang_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/ClangHeaders.h)
  endif()
  target_precompile_headers(${target} REUSE_FROM refleak_clang_pch)
  target_link_libraries(${target} PUBLIC clangTooling clangFrontend clangSerialization clangDriver clangAnalysis
    clangAST clangLex clangBasic)
endfunction()
