"""Prints the fingerprints of a JSON report, one a line."""

import json
import sys

for finding in json.load(open(sys.argv[1], encoding="utf-8"))["findings"]:
    print(finding["fingerprint"])
