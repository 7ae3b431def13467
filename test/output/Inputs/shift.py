"""Copies a source with lines before it and other blanks in it: shift.py FROM TO."""

import sys

lines = open(sys.argv[1], encoding="utf-8").readlines()
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write("// A comment\n\n" + "".join(line.replace("  ", "\t") for line in lines))
