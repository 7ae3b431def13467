"""Writes sources that are hard to show: control characters, invalid UTF-8, wide characters, very long lines."""


def write(name, last):
    head = b"#include <vector>\nint f(std::vector<int> &values) {\n  int &first = values[0];\n  values.push_back(1);\n"
    with open(name, "wb") as file:
        file.write(head + last + b"\n}\n")


write("hostile.cpp", b"  /* \x1b[31m \xe2\x80\xae \xff \xe6\xbc\xa2 */ return first;")
write("long.cpp", b"/*" + b"x" * 5000 + b"*/ return first; /*" + b"y" * 5000 + b"*/")
