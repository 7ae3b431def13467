"""How the tests run: what counts as a test, what a RUN line may say, and what this machine offers.

A file under test/ with a RUN line is a test; one layer, one folder. A RUN line may use
  %refleak        the program                       %clangxx    the compiler the project was built with
  %expect         compares verdicts (expect.py)     %hmap       the flags that find <hmap/map.h>
  %unit           the folder of unit-test programs  %root       the project's folder
  %run            runs a program that was just built, with the sanitizers' options
  %build          the folder that was built into, with compile_commands.json
and FileCheck, not, split-file, count by their names.
"""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(config.refleak_root, "test"))
from run_lines import RunLines  # in a module of its own, since lit sends it to its workers

config.name = "refleak"
config.test_format = RunLines(execute_external=False)
config.suffixes = [".test", ".cpp", ".txt", ".facts"]
config.excludes = ["CMakeLists.txt", "Inputs"]
config.test_source_root = os.path.join(config.refleak_root, "test")
config.test_exec_root = os.path.join(config.refleak_build, "test")

root, build = config.refleak_root, config.refleak_build
refleak = os.path.join(build, "bin", "refleak")
sanitizers = "env ASAN_OPTIONS=detect_leaks=0:abort_on_error=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1"

config.environment["PATH"] = os.pathsep.join([config.llvm_tools, os.environ["PATH"]])
config.environment["REFLEAK"] = refleak
config.environment["REFLEAK_CACHE_DIR"] = ""  # a test that wants a cache says so
config.substitutions += [
    (r"%refleak\b", refleak),
    (r"%expect\b", f"python3 {root}/test/expect.py --refleak {refleak}"),
    (r"%clangxx\b", config.clangxx),
    (r"%hmap\b", f"-I{root}/lib/hmap/include"),
    (r"%unit\b", f"{build}/bin/tests"),
    (r"%build\b", build),
    (r"%root\b", root),
    (r"%run\b", sanitizers),
]


def compiles(*flags, code):
    """Whether the compiler accepts the code: the surest sign that a library or a sanitizer is installed."""
    command = [config.clangxx, "-std=c++20", *flags, "-x", "c++", "-", "-o", os.devnull]
    return subprocess.run(command, input=code.encode(), capture_output=True).returncode == 0


def has_header(header, *flags):
    return compiles("-E", *flags, code=f"#if !__has_include(<{header}>)\n#error\n#endif\n")


HEADERS = {
    "absl": ["absl/container/flat_hash_map.h"],
    "boost": ["boost/unordered/unordered_flat_map.hpp"],
    "llvm": ["llvm/ADT/DenseMap.h", "-I/usr/lib/llvm-22/include"],
    "qt5": ["QtCore/QHash", "-fPIC", "-I/usr/include/x86_64-linux-gnu/qt5", "-I/usr/include/aarch64-linux-gnu/qt5"],
    "robin-map": ["tsl/robin_map.h"],
    "hopscotch-map": ["tsl/hopscotch_map.h"],
    "sparsehash": ["sparsehash/dense_hash_map"],
}
features = {name for name, header in HEADERS.items() if has_header(*header)}
if compiles("-fsanitize=address", code="int main() {}"):
    features.add("asan")
if compiles("-fsanitize=thread", code="int main() {}"):
    features.add("tsan")
for program in ("bazel", "ccache", "g++", "ninja"):
    if shutil.which(program):
        features.add(program)
    else:
        lit_config.note(f"{program} is not installed, its tests are skipped")
# Hiding a folder under a mount takes a mount namespace of one's own.
if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0:
    features.add("root-mounts")
projects = ("leveldb", "re2", "duckdb", "rocksdb", "grpc", "libsass", "couchbase")
if config.sanitize.upper() in ("ON", "TRUE", "1", "YES"):
    features.add("sanitize")
    lit_config.note("real projects would take hours with the sanitizers, their tests are skipped")
    projects = ()
for project in projects:
    if os.path.exists(os.path.join(root, "build", "real", project, "compile_commands.json")):
        features.add(f"real-{project}")
    else:
        lit_config.note(f"real-{project}: not fetched, its tests are skipped (tools/real/fetch {project})")
config.available_features |= features
