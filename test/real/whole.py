"""Scans a fetched project and demands that every unit of its database was analysed: no crash, no failed unit.

    whole.py REFLEAK DIR LEAST_UNITS [FAILING_UNITS]
"""

import json
import subprocess
import sys


def main(refleak, directory, least, failing="0"):
    run = subprocess.run([refleak, "scan", "--format", "json", "-p", directory], capture_output=True, text=True)
    if run.returncode not in (0, 1, 3) or (run.returncode == 3 and failing == "0"):
        print(f"exit status {run.returncode}\n{run.stderr}")
        return 1
    coverage = json.loads(run.stdout)["coverage"]
    failed = coverage["failedUnits"]
    for unit in failed:
        print(unit)
    print({key: value for key, value in coverage.items() if key != "failedUnits"})
    return 0 if coverage["units"] >= int(least) and len(failed) == int(failing) else 1


sys.exit(main(*sys.argv[1:]))
