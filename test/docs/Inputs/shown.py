"""Checks that a page shows a command's output, indented by four blanks: shown.py PAGE OUTPUT."""

import sys

page = open(sys.argv[1], encoding="utf-8").read()
output = open(sys.argv[2], encoding="utf-8").read()
shown = "".join(f"    {line}".rstrip() + "\n" for line in output.splitlines())
if shown not in page:
    sys.exit(f"{sys.argv[1]} does not show this:\n{shown}")
