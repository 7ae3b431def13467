# refleak_generate_registry(OUTPUT DESCRIPTION...)
#
# Writes the table of rules: for each rule.json its contents, the text of the page beside it, and its check.

function(refleak_generate_registry output)
  set(declarations "")
  set(abouts "")
  set(entries "")
  set(index 0)
  foreach(description IN LISTS ARGN)
    get_filename_component(folder ${description} DIRECTORY)
    get_filename_component(id ${folder} NAME)
    file(READ ${description} json)
    foreach(key IN ITEMS id title severity cwe default remedy)
      string(JSON ${key}_value ERROR_VARIABLE problem GET "${json}" ${key})
      if(problem)
        message(FATAL_ERROR "${description}: '${key}': ${problem}")
      endif()
    endforeach()
    if(NOT id_value STREQUAL id)
      message(FATAL_ERROR "${description}: the id is '${id_value}', the folder is '${id}'")
    endif()
    if(NOT severity_value MATCHES "^(note|warning|error)$")
      message(FATAL_ERROR "${description}: 'severity' must be note, warning or error")
    endif()
    string(SUBSTRING ${severity_value} 0 1 initial)
    string(SUBSTRING ${severity_value} 1 -1 rest)
    string(TOUPPER ${initial} initial)
    set(severity_value ${initial}${rest})
    string(TOLOWER "${default_value}" default_value)
    if(NOT default_value MATCHES "^(on|off)$")
      message(FATAL_ERROR "${description}: 'default' must be true or false")
    endif()
    string(REPLACE "on" "true" default_value "${default_value}")
    string(REPLACE "off" "false" default_value "${default_value}")
    string(REPLACE "-" "_" function ${id})
    file(READ ${folder}/README.md page)
    string(APPEND declarations "bool ${function}(const Case &C, Finding &F);\n")
    string(APPEND abouts "    {\"${id}\", R\"~(${title_value})~\", Severity::${severity_value}, ${cwe_value}, ${default_value},\n"
      "     R\"~(${remedy_value})~\",\n     R\"~(${page})~\"},\n")
    string(APPEND entries "    {&Abouts[${index}], rules::${function}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [=[
// Made from rules/*/rule.json and README.md.
#include "Registry.h"

using namespace refleak;

namespace refleak::rules {
@declarations@} // namespace refleak::rules

static const Rule Abouts[] = {
@abouts@};

static const RuleEntry Entries[] = {
@entries@};

llvm::ArrayRef<Rule> refleak::allRules() { return Abouts; }
llvm::ArrayRef<RuleEntry> refleak::allChecks() { return Entries; }
]=])
endfunction()
