# refleak_embed_headers(TARGET FOLDER)
#
# Packs the builtin headers of Clang that lie in FOLDER into one archive, each deflated by itself, and adds it to TARGET
# as the symbols refleak_headers_begin and refleak_headers_end. The archive's form is described in EmbedHeaders.cpp.

find_package(ZLIB REQUIRED)

function(refleak_embed_headers target folder)
  if(NOT EXISTS ${folder}/stddef.h)
    message(FATAL_ERROR "Clang's builtin headers are not in ${folder}: install the package that holds them "
      "(libclang-common-${LLVM_VERSION_MAJOR}-dev on Debian)")
  endif()
  if(NOT TARGET refleak-embed-headers)
    add_executable(refleak-embed-headers ${PROJECT_SOURCE_DIR}/cmake/EmbedHeaders.cpp)
    target_link_libraries(refleak-embed-headers PRIVATE ZLIB::ZLIB)
  endif()
  # Headers that need a runtime or an offload SDK beside them are no use on their own.
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.h ${folder}/*.modulemap)
  list(FILTER headers EXCLUDE REGEX "^(cuda|openmp|ppc|zos|llvm_libc|llvm_offload)_wrappers/|^__clang_(cuda|hip)_")
  list(SORT headers)
  set(archive ${CMAKE_CURRENT_BINARY_DIR}/headers.bin)
  set(assembly ${CMAKE_CURRENT_BINARY_DIR}/headers.cpp)
  list(JOIN headers "\n" lines)
  file(GENERATE OUTPUT ${archive}.list CONTENT "${lines}\n")
  file(GENERATE OUTPUT ${assembly} CONTENT "asm(R\"(
.section .rodata.refleak_headers,\"a\",@progbits
.balign 8
.globl refleak_headers_begin
.globl refleak_headers_end
refleak_headers_begin:
.incbin \"${archive}\"
refleak_headers_end:
.byte 0
.text
)\");
")
  list(TRANSFORM headers PREPEND ${folder}/ OUTPUT_VARIABLE inputs)
  add_custom_command(OUTPUT ${archive}
    COMMAND refleak-embed-headers ${folder} ${archive}.list ${archive}
    DEPENDS refleak-embed-headers ${archive}.list ${inputs}
    COMMENT "Packing Clang's builtin headers" VERBATIM)
  set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${archive} SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${assembly})
endfunction()
