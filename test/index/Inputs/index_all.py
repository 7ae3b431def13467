"""Indexes each source into FOLDER: index_all.py REFLEAK FOLDER FLAGS SOURCE... Prints the facts files, last source first."""

import os
import shlex
import subprocess
import sys

refleak, folder, flags, *sources = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
facts = []
for source in sources:
    facts.append(os.path.join(folder, source.replace("/", "-") + ".facts"))
    subprocess.run([refleak, "index", "-c", source, "-o", facts[-1], *shlex.split(flags)], check=True)
print("\n".join(reversed(facts)))
