"""Copies a baseline with the entries of the given numbers: accept.py FROM TO NUMBER..."""

import json
import sys

baseline = json.load(open(sys.argv[1], encoding="utf-8"))
baseline["findings"] = [baseline["findings"][int(number)] for number in sys.argv[3:]]
json.dump(baseline, open(sys.argv[2], "w", encoding="utf-8"), indent=2)
