"""Edits a source: edit.py FILE comments|code"""

import sys

file, what = sys.argv[1:]
lines = open(file).read().splitlines()
if what == "comments":
    lines = ["// One", "", *[line for text in lines for line in (text.replace("  ", "    "), "  // more", "")]]
else:
    lines = [line.replace("push_back(", "assign(2, ") for line in lines]
open(file, "w").write("\n".join(lines) + "\n")
