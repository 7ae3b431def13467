"""Builds facts and a report with ninja, over and over: ninja.py REFLEAK FOLDER. Prints which steps ran."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

refleak, folder = sys.argv[1], Path(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
(folder / "src").mkdir(parents=True)
(folder / "build.ninja").write_text(
    f"""rule index
  command = {refleak} index --keep-unchanged --positions $out.positions -c $in -o $out -Isrc -MD -MF $out.d
  depfile = $out.d
  deps = gcc
  restat = 1
  description = index $out
rule link
  command = {refleak} link --verdict --no-config $in -o $out
  description = link
rule report
  command = {refleak} report --no-config $in -o $out; test $$? -lt 2
  description = report
build a.facts | a.facts.positions: index src/a.cpp
build b.facts | b.facts.positions: index src/b.cpp
build verdict: link a.facts b.facts
build report: report verdict a.facts.positions b.facts.positions | src/a.cpp src/b.cpp src/lent.h
default report
"""
)
LENT = "#pragma once\n#include <vector>\nint &lend(std::vector<int> &from);\n"
LENDER = '#include "lent.h"\nint &lend(std::vector<int> &from) { return from[0]; }\n'
USER = """#include "lent.h"
int use(std::vector<int> &values) {
  int &first = lend(values);
  values.push_back(1);
  return first;
}
"""


def write(name, text):
    time.sleep(0.02)
    (folder / "src" / name).write_text(text)


def build(name):
    run = subprocess.run(["ninja", "-v"], cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    ran = re.findall(r"^\[\d+/\d+\] \S+ (index|link|report)", run.stdout, re.MULTILINE)
    print(f"{name}: {' '.join(ran) or 'nothing'}")
    print("  " + next(line for line in (folder / "report").read_text().splitlines() if " of 2 units" in line))
    sys.stdout.flush()


write("lent.h", LENT)
write("a.cpp", LENDER)
write("b.cpp", USER)
build("first")
build("again")
write("b.cpp", "// Uses what was lent.\n\n" + USER)
build("a comment")
write("lent.h", LENT.replace("int &lend", "// The first one.\nint &lend"))
build("a comment in a header")
write("a.cpp", LENDER.replace("{ return", "{ static int one; return").replace("from[0]", "one"))
build("code")
