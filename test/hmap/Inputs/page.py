"""What hmap's page says, for tests to hold it to.

  page.py example PAGE          its first example as a program
  page.py barrier PAGE TEST     whether each row of the barrier's decision table is a test that runs
"""

import pathlib
import re
import sys


def example(page):
    includes, body = re.search(r"```cpp\n(.*?\n)\n(.*?)```", page, re.DOTALL).groups()
    print(f"#include <string>\n{includes}int main() {{\n{body}}}")
    return 0


def barrier(page, tests):
    rows = re.search(r"\| what is written \|.*\n.*\n((?:\|.*\n)+)", page)[1].splitlines()
    ran = tests.split("int main()")[1]
    status = 0
    for row in rows:
        names = re.findall(r"`(\w+)`", row.split("|")[-2])
        missing = [name for name in names if f"void {name}()" not in tests or f" {name}();" not in ran]
        if missing or not names:
            print(f"without its test: {row}")
            status = 1
    return status


what, *files = sys.argv[1:]
texts = [pathlib.Path(file).read_text() for file in files]
sys.exit({"example": example, "barrier": barrier}[what](*texts))
