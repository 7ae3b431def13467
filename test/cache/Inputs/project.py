"""A project of five units, scanned over and over: project.py REFLEAK FOLDER. Prints a line for each step."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

REFLEAK, FOLDER = sys.argv[1], Path(sys.argv[2])
UNITS = "abcde"
os.environ.pop("REFLEAK_CACHE_DIR", None)


def write(name, text):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    # A file as young as the scan that reads it would not be kept.
    time.sleep(0.03)


def source(unit):
    return f"""#include "{'shared' if unit in 'ab' else 'other'}.h"
#include "lent.h"
int {unit}(std::vector<int> &values) {{
  int &first = lend(values);
  values.push_back(1);
  return first;
}}
"""


def run(*options, flags=("-Iearly", "-Ilate")):
    """The report, and how many units were parsed and how many taken from the cache."""
    command = [REFLEAK, "scan", "--statistics", "--format", "json", *options, "."]
    done = subprocess.run([*command, "--", *flags], cwd=FOLDER, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"status {done.returncode}: {done.stderr}")
    counts = {name: int(n) for name, n in re.findall(r"refleak: ([a-z ]+): (\d+)\n", done.stderr)}
    return done.stdout, counts["parsed"], counts["from the cache"]


def step(name, *options, **more):
    report, parsed, kept = run(*options, **more)
    if options[:1] != ("--no-cache",) and report != run("--no-cache", **more)[0]:
        sys.exit(f"{name}: the report is not what it is without the cache")
    findings = len(json.loads(report)["findings"])
    print(f"{name}: parsed {parsed}, from the cache {kept}, {findings} findings", flush=True)


def entries(kind):
    return sorted(FOLDER.glob(f".refleak/cache/??/*.{kind}"))


shutil.rmtree(FOLDER, ignore_errors=True)
write("late/lent.h", "#include <vector>\ninline int &lend(std::vector<int> &from) { return from[0]; }\n")
for header in ("shared", "other"):
    write(f"{header}.h", "#pragma once\n")
(FOLDER / "early").mkdir()
for unit in UNITS:
    write(f"{unit}.cpp", source(unit))

step("without", "--no-cache")
print(f"nothing kept: {not (FOLDER / '.refleak').exists()}")
step("first")
step("again")
write("a.cpp", source("a").replace("first;", "first + 1;"))
step("one source")
write("a.cpp", source("a"))
step("and back")
os.utime(FOLDER / "b.cpp")
step("touched only")
write("shared.h", "#pragma once\n// of two units\n")
step("a header of two")
write("early/lent.h", "#include <vector>\ninline int &lend(std::vector<int> &) { static int one; return one; }\n")
step("a header that is found first", flags=("-Iearly", "-Ilate"))
(FOLDER / "early/lent.h").unlink()
step("and gone again")
step("other flags", flags=("-Iearly", "-Ilate", "-DOTHER"))
write("model.json", '{"functions": {}}\n')
step("another model", "--models", "model.json")

write("bad.cpp", "int bad( { return 1; }\n")
step("with a failing unit")
step("which is not kept")
(FOLDER / "bad.cpp").unlink()

count = 0
for entry in [*entries("unit"), *entries("verdict")]:
    data = bytearray(entry.read_bytes())
    data[len(data) * (count % 10) // 10] ^= 1 << (count % 8)
    entry.write_bytes(data)
    count += 1
step("one bit of each entry flipped")
for entry in [*entries("unit"), *entries("verdict")]:
    entry.write_bytes(entry.read_bytes()[: -1 - count % 50])
    count += 1
step("each entry cut off")
for entry in [*entries("unit"), *entries("verdict")]:
    entry.write_bytes(b"")
step("each entry empty")
one, two = entries("unit")[:2]
shutil.copyfile(one, two)
kept = run()[2]
print(f"an entry under another's name is not taken: {kept < 5 or len(entries('unit')) > 5}")

shutil.rmtree(FOLDER / ".refleak")
elsewhere = FOLDER / "elsewhere"
elsewhere.mkdir()
(FOLDER / ".refleak").symlink_to(elsewhere)
step("a link for the folder")
(FOLDER / ".refleak").unlink()
(FOLDER / ".refleak").mkdir()
(FOLDER / ".refleak/cache").symlink_to(elsewhere)
step("a link for the cache")
print(f"elsewhere: {sorted(p.name for p in elsewhere.iterdir())}")
(FOLDER / ".refleak/cache").unlink()

step("made anew")
stolen = entries("unit")[0]
target = FOLDER / "target"
stolen.rename(target)
stolen.symlink_to(target)
before = target.read_bytes()
step("a link for an entry")
print(f"it was replaced: {not stolen.is_symlink()}, its target left alone: {target.read_bytes() == before}")

shutil.rmtree(FOLDER / ".refleak")
command = [REFLEAK, "scan", "-j2", "--format", "json", ".", "--", "-Iearly", "-Ilate"]
several = [subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True) for _ in range(4)]
reports = {process.communicate()[0] for process in several}
print(f"four at once: {len(reports)} report")
step("after them")
print(f"left over: {[str(p) for p in FOLDER.glob('.refleak/cache/*/new-*')]}")
print(f"git: {(FOLDER / '.refleak/.gitignore').read_text().strip()}")

step("in a folder of one's own", "--cache-dir", "kept")
step("again there", "--cache-dir", "kept")
