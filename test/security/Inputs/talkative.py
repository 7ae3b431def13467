"""Writes a project that makes Clang talk: of a file whose name commands the terminal, by pragmas and by flags."""

import json
import os

NAME = "title\x1b]0;owned\x07.cpp"
UNIT = """struct Left { virtual ~Left(); };
struct Right : virtual Left { int x; } right;
int f() { return 1; }
#pragma clang __debug dump f
#pragma clang __debug macro NAME
"""
FLAGS = [
    [],
    ["-H", "-v", "-ftime-report"],
    ["-Xclang", "-print-stats"],
    ["-Xclang", "-fdump-record-layouts-complete", "-Xclang", "-fdump-vtable-layouts"],
    ["-Xclang", "-ast-dump-all"],
]

entries = []
for number, flags in enumerate(FLAGS):
    name = f"{number}{NAME}"
    open(name, "w", encoding="utf-8").write(UNIT)
    entries.append({"directory": os.getcwd(), "file": name, "arguments": ["clang++", *flags, "-c", name]})
json.dump(entries, open("compile_commands.json", "w"))
