"""Prints, for each finding of a JSON report, why it is suppressed, or the line that it stands on."""

import json
import sys

for finding in json.load(open(sys.argv[1], encoding="utf-8"))["findings"]:
    suppressed = finding["suppressed"]
    print(suppressed["reason"] if suppressed else f"line {finding['location']['line']}: not suppressed")
