"""What programs did when they were run, kept from one call to the next.

A run depends on the program, the runtime, the compiler and its flags alone, and not on what judges the program: so the
same programs can be put before another refleak without running them again.
"""

import hashlib
import json
import os

from . import render
from .run import COMPILE, OPTIONS, Outcome


class Known:
    """A runner in front of another one: runs what has not been run before. The file has a line for each outcome."""

    def __init__(self, runner, path):
        self.runner = runner
        self.runtime = runner.runtime
        self.absl = runner.absl
        self.setting = hashlib.sha256("\n".join([runner.version(), *COMPILE, OPTIONS, *contents(runner.runtime)]).encode())
        self.outcomes = {}
        if os.path.exists(path):
            with open(path) as file:
                for line in file:
                    key, *outcome = json.loads(line)
                    self.outcomes[key] = Outcome(*outcome)
        self.file = open(path, "a")

    def key(self, program):
        digest = self.setting.copy()
        digest.update(render.run([program]).encode())
        return digest.hexdigest()

    def run(self, programs, name="batch"):
        keys = {program.name: self.key(program) for program in programs}
        fresh = [program for program in programs if keys[program.name] not in self.outcomes]
        for program, outcome in self.runner.run(fresh, name).items() if fresh else ():
            self.outcomes[keys[program]] = outcome
            self.file.write(json.dumps([keys[program], outcome.verdict, outcome.runs, outcome.complaint]) + "\n")
        self.file.flush()
        return {program: self.outcomes[key] for program, key in keys.items()}


def contents(folder):
    """The texts of all files in a folder, in an order that is always the same."""
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            with open(os.path.join(path, name)) as file:
                yield file.read()
