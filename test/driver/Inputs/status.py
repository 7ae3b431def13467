"""Runs a command and checks its exit status: status.py STATUS COMMAND..."""

import subprocess
import sys

status = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL).returncode
if status != int(sys.argv[1]):
    sys.exit(f"exit status {status} instead of {sys.argv[1]}: {' '.join(sys.argv[2:])}")
