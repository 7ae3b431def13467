"""Prints the line 'N passed, N failed, N skipped' for a result file that lit -o wrote."""

import json
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main(path):
    try:
        with open(path) as file:
            codes = [test["code"] for test in json.load(file)["tests"]]
    except OSError as error:
        print(f"summary: lit left no results: {error}", file=sys.stderr)
        codes = ["FAIL"]
    passed = sum(code in PASSED for code in codes)
    skipped = sum(code in SKIPPED for code in codes)
    failed = len(codes) - passed - skipped
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 and passed > 0 else 1


sys.exit(main(sys.argv[1]))
