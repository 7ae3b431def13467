"""Writes files that are hard on an analyzer; each has a small function with a mistake in it."""

SMALL = "#include <vector>\nint small(std::vector<int> &v) { int &r = v[0]; v.push_back(1); return r; }\n"


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


write("small.cpp", SMALL)
lines = "".join(f"  sum += v[{i % 10}];\n" for i in range(100_000))
write("long.cpp", f"{SMALL}int large(std::vector<int> &v) {{\n  int sum = 0;\n{lines}  return sum;\n}}\n")
write("wide.cpp", f"{SMALL}int wide(int x) {{\n  return x{' + x' * 20_000};\n}}\n")
write("nested.cpp", f"int nested(int x) {{\n  return {'(' * 100_000}x{')' * 100_000};\n}}\n")
loop = "constexpr int spin() { int n = 0; for (int i = 0; i < 1000000000; ++i) n ^= i; return n; }\n"
write("slow.cpp", f"{loop}static_assert(spin() == 0);\n")

# The compiler's own ways to crash.
for name in ("crash", "parser_crash", "llvm_fatal_error"):
    write(f"{name}.cpp", f"{SMALL}#pragma clang __debug {name}\nint after;\n")
doubled = "".join(f"#define A{i + 1} A{i}, A{i}\n" for i in range(40))
write("endless.cpp", f"#define A0 1\n{doubled}int all[] = {{A40}};\n")
