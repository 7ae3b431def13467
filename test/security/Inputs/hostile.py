"""Scans a project that wants to be run and to write: a compiler that is a script, flags that name outputs and plugins.

    hostile.py REFLEAK FOLDER

Makes the project in FOLDER/project, scans it with FOLDER/home and FOLDER/tmp for what these names say, and fails when
anything in FOLDER has appeared, gone or changed, or was run, or when standard output is not the report alone.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPT = "#!/bin/sh\ntouch {folder}/was-run\nexit 0\n"
FLAGS = [
    ["-MD", "-MF", "dependencies.d"],
    ["-MMD", "-MP", "-MT", "x"],
    ["--serialize-diagnostics", "diagnostics.dia"],
    ["-ftime-trace=trace.json"],
    ["-ftime-trace"],
    ["-save-temps=obj"],
    ["-emit-llvm", "-S"],
    ["-fplugin=./plugin.so"],
    ["-fpass-plugin=./plugin.so"],
    ["-Xclang", "-load", "-Xclang", "./plugin.so"],
    ["-Xclang", "-emit-obj"],
    ["-Xclang", "-emit-pch"],
    ["-Xclang", "-dependency-file", "-Xclang", "hidden.d"],
    ["-Xclang", "-header-include-file", "-Xclang", "headers.txt", "-H"],
    ["-Xclang", "-stats-file=stats.txt"],
    ["-fmodules", "-fmodules-cache-path=modules"],
    ["-Xclang", "-dump-minimization-hints=hints.json"],
    ["-Xclang", "-emit-symbol-graph", "-Xclang", "--symbol-graph-dir=symbols"],
    ["-fmodule-output=module.pcm"],
    ["-gsplit-dwarf"],
    ["--coverage"],
    ["-fcrash-diagnostics-dir=crash"],
    ["-B", "."],
    ["-wrapper", "./compiler"],
    ["-fproc-stat-report=report.txt"],
    ["-fuse-ld=./compiler"],
    ["-foptimization-record-file=record.yaml", "-fsave-optimization-record"],
    ["@flags.rsp"],
    ["--config=./compiler.cfg"],
    ["-MD", "-MF", "{folder}/outside.d"],
    ["-ftime-trace={folder}/outside.json"],
    ["-Xclang", "-ast-dump-all", "-Xclang", "-print-stats"],
    ["-fmodules"],
    ["-x", "hip", "--offload-arch=native", "-B", "."],
    ["-x", "cuda", "--offload-arch=native", "--nvptx-arch-tool=./offload-arch"],
    ["-fopenmp", "-fopenmp-targets=amdgcn-amd-amdhsa", "--amdgpu-arch-tool={folder}/project/offload-arch"],
    ["-fopenmp", "--offload-arch=native"],
    ["--target=amdgcn-amd-amdhsa", "-mcpu=native", "-B", "."],
    ["--target=nvptx64-nvidia-cuda", "-march=native", "-B", "."],
    ["-Xclang", "-fdump-record-layouts-complete"],
    ["-Xclang", "-fdump-vtable-layouts"],
    ["-Wp,-MD,preprocessor.d"],
    ["-mllvm", "-stats", "-mllvm", "-info-output-file=info.txt"],
    ["--analyze", "-Xanalyzer", "-analyzer-output=html", "-o", "html"],
    ["-Xclang", "-fixit"],
    ["-fmodule-file=plugin.so"],
    ["-Xclang", "-include-pch", "-Xclang", "plugin.so"],
    ["-DDUMP"],
    ["-fcrash-diagnostics=all", "-DCRASH"],
]


UNIT = """#include "part.h"
int f() { int x = part(); return x; }
struct Left { virtual ~Left(); };
struct Right : virtual Left { int x; } right;
#ifdef DUMP
#pragma clang __debug dump f
#pragma clang __debug macro DUMP
#endif
#ifdef CRASH
#pragma clang __debug crash
#endif
"""


def entries(folder):
    for number, flags in enumerate(FLAGS):
        source = f"unit{number}.cpp"
        (folder / source).write_text(UNIT)
        words = ["./compiler", *(word.format(folder=folder.parent) for word in flags), "-c", source, "-o", f"unit{number}.o"]
        yield {"directory": str(folder), "file": source, "arguments": words}
    shell = f"./compiler $(touch {folder}/was-run) `touch {folder}/was-run` -c shell.cpp; touch {folder}/was-run"
    (folder / "shell.cpp").write_text("int g() { return 0; }\n")
    yield {"directory": str(folder), "file": "shell.cpp", "command": shell}


def snapshot(folder):
    return {str(path): path.is_file() and path.read_bytes() for path in sorted(folder.rglob("*"))}


def main():
    refleak, whole = sys.argv[1], Path(sys.argv[2])
    folder, home, temporary = whole / "project", whole / "home", whole / "tmp"
    shutil.rmtree(whole, ignore_errors=True)
    for each in (folder, home, temporary):
        each.mkdir(parents=True)
    for name in ("compiler", "g++", "c++", "clang++", "offload-arch", "amdgpu-arch", "nvptx-arch", "plugin.so"):
        (folder / name).write_text(SCRIPT.format(folder=folder))
        (folder / name).chmod(0o755)
    (folder / "part.h").write_text("#pragma once\ninline int part() { return 1; }\n")
    (folder / "module.modulemap").write_text('module part { header "part.h" export * }\n')
    (folder / "flags.rsp").write_text("-ftime-trace=response.json")
    (folder / "compiler.cfg").write_text("-MD -MF config.d -ftime-trace=config.json -fplugin=./plugin.so -Xclang -emit-obj\n")
    (folder / "compile_commands.json").write_text(json.dumps(list(entries(folder))))
    before = snapshot(whole)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(home), "TMPDIR": str(temporary)}
    done = subprocess.run(
        [refleak, "scan", "--no-cache", "--format", "json", "-p", "."],
        cwd=folder, env=environment, capture_output=True, text=True,
    )
    after = snapshot(whole)
    wrong = sorted({*before, *after} - {path for path in before if before[path] == after.get(path)})
    coverage = json.loads(done.stdout)["coverage"]
    units, crashed = coverage["units"], [each["file"] for each in coverage["failedUnits"] if "crashed" in each["reason"]]
    print("status", done.returncode, "units", units, "crashed", *crashed)
    print(*(f"changed: {path}" for path in wrong), sep="\n")
    sys.exit(bool(wrong) or units != len(FLAGS) + 1 or crashed != [f"unit{len(FLAGS) - 1}.cpp"])


main()
