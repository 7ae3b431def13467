#!/usr/bin/env python3
"""Checks that what the models name is there, by compiling a probe of each model against the library's own header.

    probe.py COMPILER FOLDER-OR-FILE...

For each class with an `instance`, every method that its model names must be a member of it; also those of the class it is
`like`, but for the ones it is `without`. Every function named must be declared. A file whose headers are not installed is skipped, and says so. Exit status: 0 all there; 1 not.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

FLAGS = ["-std=c++23", "-fsyntax-only", "-w", "-ferror-limit=0", "-fno-caret-diagnostics", "-I/usr/lib/llvm-22/include"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOT_PROBED = ("constructor", "destructor", "*")


def split_signatures(text):
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    return parts + [text[start:].strip()]


def name_of(signature):
    signature = re.sub(r"\s+const$", "", re.sub(r"\s+of \(.*\)$", "", signature))
    opening = signature.rfind("(")
    if opening < 0 or signature[:opening] == "operator":
        return signature
    return signature[:opening].strip()


def names_in(table):
    return sorted({name_of(s) for key in table for s in split_signatures(key)})


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def methods_of(entry, classes):
    """The methods of a class that can be named in a using-declaration."""
    names, without = set(), set()
    while entry:
        names |= set(names_in(entry.get("methods", {}))) - without
        without |= set(entry.get("without", []))
        entry = classes.get(entry.get("like"))
    return sorted(name for name in names if name not in NOT_PROBED and not name.startswith("operator "))


def probe(model, classes):
    """The lines of the probe, each with what it stands for."""
    lines = [(f"#include <{header}>", header) for header in model["headers"]]
    for number, (name, entry) in enumerate(model.get("classes", {}).items()):
        if "instance" not in entry:
            continue
        lines.append((f"using Instance{number} = {entry['instance']};", name))
        lines.append((f"static_assert(sizeof(Instance{number}) != 0);", name))
        for method in methods_of(entry, classes):
            base = f"struct Probe{len(lines)} : Instance{number} {{ using Instance{number}::{method}; }};"
            lines.append((base, f"{name}::{method}"))
    for function in names_in(model.get("functions", {})):
        if "*" in function.replace("operator*", "") or "operator" in function or function.startswith("__"):
            continue
        lines.append((f"namespace probe{len(lines)} {{ using ::{function}; }}", function))
    return lines


def compile_probe(compiler, flags, text):
    command = [compiler, *FLAGS, *flags, "-x", "c++", "-"]
    run = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT)
    return run.stderr


def has_headers(compiler, model, flags):
    text = "".join(f"#if !__has_include(<{header}>)\n#error\n#endif\n" for header in model["headers"])
    return "error" not in compile_probe(compiler, flags, text)


def check(compiler, path, classes):
    model = read(path)
    if not model.get("headers"):
        return path, "nothing to probe", []
    flags = model.get("flags", [])
    if not has_headers(compiler, model, flags):
        package = f", package {model['package']}" if "package" in model else ""
        return path, f"skipped: <{model['headers'][0]}> is not installed{package}", []
    lines = probe(model, classes)
    errors = compile_probe(compiler, flags, "\n".join(text for text, _ in lines) + "\n")
    missing = []
    for match in re.finditer(r"^<stdin>:(\d+):\d+: error: (.*)$", errors, re.M):
        text, what = lines[int(match[1]) - 1]
        missing.append(f"{path}: {what}: {match[2]}")
    if not missing and "error:" in errors:
        missing.append(f"{path}: the headers do not compile:\n{errors}")
    return path, f"{len(lines)} probes", missing


def main():
    compiler, *places = sys.argv[1:]
    files = []
    for place in places:
        if os.path.isfile(place):
            files.append(place)
        for folder, _, names in os.walk(place):
            files += [os.path.join(folder, name) for name in names if name.endswith(".json")]
    files = sorted(file for file in files if not file.endswith("schema.json"))
    classes = {}
    for file in files:
        classes.update(read(file).get("classes", {}))
    failed = False
    with ThreadPoolExecutor(2) as pool:
        for path, summary, missing in pool.map(lambda file: check(compiler, file, classes), files):
            print(f"{path}: {summary}")
            for line in missing:
                print(f"  {line}")
            failed |= bool(missing)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
