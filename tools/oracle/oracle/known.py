"""What programs did when they were run, kept from one call to the next.

A run depends on the program, the runtime, the compiler and its flags alone, and not on what judges the program: so the
same programs can be put before another refleak without running them again. On hmap those depend that name it.
"""

import hashlib
import json
import os
import threading

from . import render
from .run import COMPILE, OPTIONS, Outcome


class Known:
    """A runner in front of another one: runs what has not been run before. The file has a line for each outcome."""

    def __init__(self, runner, path):
        self.runner = runner
        self.runtime = runner.runtime
        self.absl = runner.absl
        files = dict(contents(runner.runtime))
        hmap = [text for path, text in files.items() if path.startswith("hmap" + os.sep)]
        others = [text for path, text in files.items() if not path.startswith("hmap" + os.sep)]
        self.setting = hashlib.sha256("\n".join([runner.version(), *COMPILE, OPTIONS, *others]).encode())
        self.hmap = "\n".join(hmap).encode()
        self.outcomes = {}
        if os.path.exists(path):
            with open(path) as file:
                for line in file:
                    key, *outcome = json.loads(line)
                    self.outcomes[key] = Outcome(*outcome)
        self.file = open(path, "a")
        self.writing = threading.Lock()

    def key(self, program):
        digest = self.setting.copy()
        text = render.run([program])
        if "hmap" in text:
            digest.update(self.hmap)
        digest.update(text.encode())
        return digest.hexdigest()

    def run(self, programs, name="batch"):
        keys = {program.name: self.key(program) for program in programs}
        fresh = [program for program in programs if keys[program.name] not in self.outcomes]
        made = self.runner.run(fresh, name) if fresh else {}
        with self.writing:
            for program, outcome in made.items():
                self.outcomes[keys[program]] = outcome
                self.file.write(json.dumps([keys[program], outcome.verdict, outcome.runs, outcome.complaint]) + "\n")
            self.file.flush()
        return {program: self.outcomes[key] for program, key in keys.items()}


def contents(folder):
    """The files of a folder with their texts, in an order that is always the same."""
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = os.path.join(path, name)
            with open(file) as opened:
                yield os.path.relpath(file, folder), opened.read()
