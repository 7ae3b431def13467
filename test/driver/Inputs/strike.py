"""Ends the process in which a refleak command judges the program, as a crash of its own would.

    strike.py STATUS every COMMAND...    each time there is one
    strike.py STATUS once COMMAND...     once, while it is solving functions

Prints what the command prints and fails unless its exit status is STATUS. The moment of solving is guessed by the time
that the process has used; where the guess was wrong, the whole is done again.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path


def child_of(process):
    try:
        words = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return None
    return int(words[0]) if words else None


def ticks(process):
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[11])
    except (OSError, IndexError):
        return 0


def strike(command, after, most):
    # Where refleak is built with sanitizers, the search for leaks is a child process, too.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    struck = set()
    while run.poll() is None and len(struck) < most:
        child = child_of(run.pid)
        if child and child not in struck and ticks(child) >= after:
            os.kill(child, signal.SIGABRT)
            struck.add(child)
        time.sleep(0.001)
    return run.communicate()[0], run.returncode


def main():
    wanted, how, *command = sys.argv[1:]
    for attempt in range(10):
        text, status = strike(command, 0, 1000) if how == "every" else strike(command, 5 * 1.4**attempt, 1)
        if how == "every" or re.search("did not survive", text):
            break
    print(text)
    sys.exit(status != int(wanted))


main()
