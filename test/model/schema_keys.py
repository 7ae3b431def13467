#!/usr/bin/env python3
"""Compares the keys that the schema of model files allows with those that the reader knows: schema_keys.py READER SCHEMA."""

import json
import re
import subprocess
import sys
import tempfile

# A file with an unknown key in each kind of object; the reader answers with the keys that it knows there.
WRONG = {
    "file": {"?": 1},
    "class": {"classes": {"X": {"?": 1}}},
    "effects": {"functions": {"f": {"?": 1}}},
    "invalidates": {"functions": {"f": {"invalidates": {"?": 1}}}},
    "calls": {"functions": {"f": {"calls": {"?": 1}}}},
    "constructs": {"functions": {"f": {"constructs": {"?": 1}}}},
}


def known_to_reader(reader, wrong):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(wrong, file)
        file.flush()
        run = subprocess.run([reader, "--models", file.name, "--check"], capture_output=True, text=True)
    return set(re.search(r"known keys: ([^)]*)\)", run.stderr)[1].split(", "))


def main():
    reader, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    wrong = False
    for name, text in WRONG.items():
        allowed = set((schema if name == "file" else schema["$defs"][name])["properties"])
        known = known_to_reader(reader, text)
        if allowed != known:
            print(f"{name}: only in the schema {allowed - known}, only in the reader {known - allowed}")
            wrong = True
    return int(wrong)


sys.exit(main())
