"""What refleak says about programs."""

import json
import os
from dataclasses import dataclass

from . import render
from .run import ToolError, checked


@dataclass(frozen=True)
class Said:
    rule: str
    confidence: str
    line: int
    message: str


class Judge:
    def __init__(self, refleak, hmap, folder):
        self.refleak = refleak
        self.flags = ["-std=c++20", "-I" + hmap]
        self.folder = folder

    def judge(self, programs, name="batch"):
        """For each program's name the findings in it."""
        path = os.path.join(self.folder, name + ".cpp")
        text, ranges = render.judged(programs)
        with open(path, "w") as file:
            file.write(text)
        command = [self.refleak, "scan", "--format", "json", "--no-config", "--confidence", "likely", "-j", "1", path]
        result = checked([*command, "--", *self.flags])
        if result.returncode not in (0, 1):
            raise ToolError(f"refleak ended with status {result.returncode} for {path}:\n{result.stderr.strip()[-2000:]}")
        output = json.loads(result.stdout)
        if output["coverage"]["failedUnits"]:
            raise ToolError(f"refleak could not analyse {path}: {output['coverage']['failedUnits']}")
        said = {program.name: [] for program in programs}
        for finding in output["findings"]:
            line = finding["location"]["line"]
            for program, (first, last) in ranges.items():
                if first <= line <= last:
                    said[program].append(Said(finding["rule"], finding["confidence"], line, finding["message"]))
        return said


def disagreement(outcome, said):
    """'missed', 'false definite', 'false likely', or None where the run and refleak agree."""
    if outcome.verdict == "failed":
        return None if said else "missed"
    if outcome.verdict != "fine" or not said:
        return None
    definite = any(finding.confidence == "definite" for finding in said)
    return "false definite" if definite else "false likely"
