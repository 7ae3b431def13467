"""Fails when a file holds anything but printable characters, line ends and blanks."""

import sys

text = open(sys.argv[1], encoding="utf-8").read()
wrong = {c for c in text if not c.isprintable() and c != "\n"}
sys.exit(f"not printable: {wrong}" if wrong else 0)
