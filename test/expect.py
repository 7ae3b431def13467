#!/usr/bin/env python3
"""Compares what refleak finds in a file with the verdicts written on the file's lines.

    expect.py [--refleak FILE] [--flags "COMPILER FLAGS"] [--scan "SCAN OPTIONS"] [-p DIR] [--failed-units] FILE...

A verdict stands in a comment on the line that a finding is reported at:

    // expect: rule: text               exactly this finding, its message holds the text
    // expect: rule: text | rule: text  two findings on one line
    // expect@+1: rule: text            the finding stands on the next line (any signed number)
    // expect-note: kind: text          a step of some finding's trace stands here
    // FN_rule                          should be found and is not yet; once it is, this marker must go
    // FP_rule: text                    a false alarm; once it is gone, this marker must go

The text may be left out; `rule(likely)` asks for a confidence too. Every other line must stay silent. Findings in an
included file are compared with the verdicts in that file. A unit that refleak could not analyse fails the test, unless
--failed-units is given. Exit status: 0 as expected; 1 not; 2 wrong usage or no usable output.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMMENT = re.compile(r"//\s*(?:(expect|expect-note)(?:@([+-]\d+))?:\s*(.+)|((?:FN|FP)_[a-z].*))$")
ITEM = re.compile(r"(?:(FN|FP)_)?([a-z][a-z-]*)(?:\((definite|likely|possible)\))?\s*(?::\s*(.*))?$")


@dataclass
class Verdict:
    kind: str  # expect, note, FN or FP
    name: str  # the rule; the step's kind for a note
    confidence: str
    text: str
    file: str
    line: int

    def admits(self, name, message, confidence=None):
        return (
            name == self.name
            and self.text in message
            and (not self.confidence or confidence == self.confidence)
        )

    def __str__(self):
        confidence = f"({self.confidence})" if self.confidence else ""
        return f"{self.name}{confidence}" + (f": {self.text}" if self.text else "")


class Malformed(Exception):
    pass


def read_verdicts(path):
    verdicts = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            found = COMMENT.search(line.rstrip())
            if not found:
                continue
            word, shift, items, marker = found.groups()
            for item in (items or marker).split(" | "):
                verdicts.append(read_item(item.strip(), word, path, number + int(shift or 0)))
    return verdicts


def read_item(item, word, path, line):
    match = ITEM.match(item)
    if not match:
        raise Malformed(f"{path}:{line}: not a verdict: '{item}'")
    marker, name, confidence, text = match.groups()
    kind = marker or ("note" if word == "expect-note" else "expect")
    return Verdict(kind, name, confidence or "", (text or "").strip(), os.path.realpath(path), line)


def scan(options, file):
    command = [options.refleak, "scan", "--format", "json", *shlex.split(options.scan)]
    command += ["-p", options.p, file] if options.p else [file, "--", *shlex.split(options.flags)]
    run = subprocess.run(command, capture_output=True, text=True)
    allowed = {0, 1, 3} if options.failed_units else {0, 1}
    problem = None
    try:
        output = json.loads(run.stdout)
    except ValueError as error:
        output, problem = None, f"the output is not JSON: {error}"
    if run.returncode not in allowed:
        problem = f"exit status {run.returncode}"
    elif output and output["coverage"]["failedUnits"] and not options.failed_units:
        problem = f"not analysed: {output['coverage']['failedUnits']}"
    if problem:
        print(f"{file}: {problem}\n  $ {shlex.join(command)}\n{run.stderr}", file=sys.stderr)
        sys.exit(2)
    return [finding for finding in output["findings"] if not finding.get("suppressed")]


def place(location):
    return os.path.realpath(location["file"]), location["line"]


def compare(verdicts, findings):
    """Returns what is wrong as (file, line, text)."""
    wrong = []
    at = defaultdict(list)
    for finding in findings:
        at[place(finding["location"])].append(finding)

    def take(verdict):
        here = at[(verdict.file, verdict.line)]
        for finding in here:
            if verdict.admits(finding["rule"], finding["message"], finding["confidence"]):
                here.remove(finding)
                return True
        return False

    # The most demanding verdict chooses first, so that one without a text does not take its neighbour's finding.
    for verdict in sorted(verdicts, key=lambda v: -len(v.text) - len(v.confidence)):
        if verdict.kind in ("expect", "FP") and not take(verdict):
            mended = "; the false alarm is mended, remove the marker" if verdict.kind == "FP" else ""
            wrong.append((verdict.file, verdict.line, f"- missing: {verdict}{mended}"))
    for verdict in verdicts:
        if verdict.kind == "FN" and take(verdict):
            wrong.append((verdict.file, verdict.line, f"+ {verdict} is found now; write it as expect:"))
    for (file, line), rest in at.items():
        for finding in rest:
            found = f"{finding['rule']}({finding['confidence']}): {finding['message']}"
            wrong.append((file, line, f"+ unexpected: {found}"))
    return wrong + compare_notes(verdicts, findings)


def compare_notes(verdicts, findings):
    steps = defaultdict(list)
    for finding in findings:
        for step in finding["trace"]:
            steps[place(step["location"])].append(step)
    wrong = []
    for verdict in verdicts:
        here = steps[(verdict.file, verdict.line)]
        if verdict.kind == "note" and not any(verdict.admits(step["kind"], step["message"]) for step in here):
            there = "; ".join(f"{step['kind']}: {step['message']}" for step in here) or "no step"
            wrong.append((verdict.file, verdict.line, f"- missing step: {verdict} (there: {there})"))
    return wrong


def check(options, file):
    findings = scan(options, file)
    files = {os.path.realpath(file)} | {place(finding["location"])[0] for finding in findings}
    verdicts = [verdict for path in sorted(files) if os.path.exists(path) for verdict in read_verdicts(path)]
    wrong = sorted(compare(verdicts, findings))
    for path, line, text in wrong:
        print(f"{os.path.relpath(path)}:{line}: {text}")
        if text.startswith("+ unexpected"):
            show_trace(findings, path, line)
    return not wrong


def show_trace(findings, path, line):
    for finding in findings:
        if place(finding["location"]) == (path, line):
            for step in finding["trace"]:
                print(f"      {step['location']['line']}: {step['kind']}: {step['message']}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--refleak", default=os.environ.get("REFLEAK", f"{ROOT}/build/bin/refleak"))
    parser.add_argument("--flags", default="-std=c++20", help="compiler flags (default: -std=c++20)")
    parser.add_argument("--scan", default="", help="further options of refleak scan")
    parser.add_argument("-p", metavar="DIR", help="take the flags from DIR/compile_commands.json")
    parser.add_argument("--failed-units", action="store_true", help="the unit may hold syntax errors")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    try:
        good = [check(options, file) for file in options.files]
    except Malformed as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
