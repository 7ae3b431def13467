"""Scans a project that wants to be run and to write: a compiler that is a script, flags that name outputs and plugins.

    hostile.py REFLEAK FOLDER

Makes the project in FOLDER, scans it, and fails when anything there has appeared, gone or changed, or was run.
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
]


def entries(folder):
    for number, flags in enumerate(FLAGS):
        source = f"unit{number}.cpp"
        (folder / source).write_text('#include "part.h"\nint f() { int x = part(); return x; }\n')
        words = ["./compiler", *flags, "-c", source, "-o", f"unit{number}.o"]
        yield {"directory": str(folder), "file": source, "arguments": words}
    shell = f"./compiler $(touch {folder}/was-run) `touch {folder}/was-run` -c shell.cpp; touch {folder}/was-run"
    (folder / "shell.cpp").write_text("int g() { return 0; }\n")
    yield {"directory": str(folder), "file": "shell.cpp", "command": shell}


def snapshot(folder):
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def main():
    refleak, folder = sys.argv[1], Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("compiler", "g++", "c++", "clang++", "plugin.so"):
        (folder / name).write_text(SCRIPT.format(folder=folder))
        (folder / name).chmod(0o755)
    (folder / "part.h").write_text("#pragma once\ninline int part() { return 1; }\n")
    (folder / "module.modulemap").write_text('module part { header "part.h" export * }\n')
    (folder / "flags.rsp").write_text("-ftime-trace=response.json")
    (folder / "compile_commands.json").write_text(json.dumps(list(entries(folder))))
    before = snapshot(folder)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        [refleak, "scan", "--no-cache", "--format", "json", "-p", "."],
        cwd=folder, env=environment, capture_output=True, text=True,
    )
    after = snapshot(folder)
    wrong = sorted({*before, *after} - {path for path in before if before[path] == after.get(path)})
    units = json.loads(done.stdout)["coverage"]["units"]
    print("status", done.returncode, "units", units)
    print(*(f"changed: {path}" for path in wrong), sep="\n")
    sys.exit(bool(wrong) or units != len(FLAGS) + 1)


main()
