"""Scans a fetched project: every unit of its database must be analysed, and every finding must have been judged.

    whole.py REFLEAK DIR LEAST_UNITS [--failing N] [--judged PROJECT]

No crash, no failed unit but the N that Clang itself rejects. With --judged, the findings must be those that judged.json
has for the project, known by their fingerprints: a new one is to be read and judged there, one that is gone is to be
taken out, and both are printed.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path


def unjudged(project, findings):
    judged = {
        entry["fingerprint"]: entry
        for entry in json.loads((Path(__file__).parent / "judged.json").read_text())
        if entry["project"] == project
    }
    found = {finding["fingerprint"]: finding for finding in findings}
    for fingerprint in found.keys() - judged.keys():
        at = found[fingerprint]["location"]
        print(f"new: {fingerprint} {at['file']}:{at['line']}: {found[fingerprint]['message']}")
    for fingerprint in judged.keys() - found.keys():
        print(f"gone: {fingerprint} {judged[fingerprint]['at']}: {judged[fingerprint]['rule']}")
    return found.keys() != judged.keys()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("refleak")
    parser.add_argument("directory")
    parser.add_argument("least", type=int)
    parser.add_argument("--failing", type=int, default=0)
    parser.add_argument("--judged")
    options = parser.parse_args()
    command = [options.refleak, "scan", "--no-cache", "--format", "json", "-p", options.directory]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1, 3) or (run.returncode == 3 and not options.failing):
        print(f"exit status {run.returncode}\n{run.stderr}")
        return 1
    report = json.loads(run.stdout)
    coverage = report["coverage"]
    failed = coverage["failedUnits"]
    for unit in failed:
        print(unit)
    print({key: value for key, value in coverage.items() if key != "failedUnits"})
    if options.judged and unjudged(options.judged, report["findings"]):
        return 1
    return 0 if coverage["units"] >= options.least and len(failed) == options.failing else 1


sys.exit(main())
