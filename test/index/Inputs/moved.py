"""Indexes each source as it is and with lines put in front: the meaning must be the same.

moved.py REFLEAK FACTS-FILE FOLDER FLAGS SOURCE...
"""

import os
import shlex
import shutil
import subprocess
import sys

refleak, reader, folder, flags, *sources = sys.argv[1:]
os.makedirs(folder, exist_ok=True)


def digests(source):
    subprocess.run([refleak, "index", "-c", source, "-o", "out.facts", *shlex.split(flags)], cwd=folder, check=True)
    run = subprocess.run([reader, "digests", "out.facts"], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.splitlines()


for number, source in enumerate(sources):
    name = f"{number}.cpp"
    shutil.copyfile(source, os.path.join(folder, name))
    before = digests(name)
    with open(source) as original, open(os.path.join(folder, name), "w") as moved:
        moved.write("// moved\n\n" + original.read())
    after = digests(name)
    if before[0] != after[0] or before[1] == after[1]:
        sys.exit(f"{source}: {before} {after}")
