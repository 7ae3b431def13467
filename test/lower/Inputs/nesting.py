"""Writes a file with functions that are nested deeper, or larger, than anybody writes them by hand."""

import sys

with open(sys.argv[1], "w") as out:
    out.write("int sum(int *a) { return " + " + ".join(["*a"] * 10000) + "; }\n")
    out.write("struct X { X &operator<<(int); };\nvoid shifts(X &x) { x" + " << 1" * 10000 + "; }\n")
    out.write("int elses(int a) { " + "".join(f"if (a == {i}) return {i}; else " for i in range(5000)) + "return 0; }\n")
    out.write("void take(int *);\nvoid large(int a) { int x;\n" + "take(&x); if (a > 2) a++;\n" * 50000 + "}\n")
    out.write("void small(int *p) { *p = 1; }\n")
