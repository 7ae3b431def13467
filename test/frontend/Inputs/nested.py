"""Writes C++ files of deeply nested code into the working directory."""

files = {
    "parentheses": "int x = " + "(" * 50000 + "1" + ")" * 50000 + ";",
    "parentheses3000": "int x = " + "(" * 3000 + "1" + ")" * 3000 + ";",
    "sum": "int f(int a) { return " + "a + " * 100000 + "a; }",
    "minus": "int f(int a) { return " + "- " * 100000 + "a; }",
    "casts": "int f(int a) { return " + "(int)" * 10000 + "a; }",
    "blocks": "void f() { " + "{" * 50000 + "}" * 50000 + " }",
    "ternary": "int f(int a) { return " + "".join(f"a == {i} ? {i} : " for i in range(20000)) + "0; }",
}
for name, text in files.items():
    with open(name + ".cpp", "w") as file:
        file.write(text + "\n")
