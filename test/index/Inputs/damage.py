"""Damages a facts file in every way and prints what its reader says: damage.py FACTS-FILE FILE SCRATCH"""

import struct
import subprocess
import sys

reader, file, scratch = sys.argv[1:]
whole = open(file, "rb").read()
HEAD = 100
meaning = struct.unpack_from("<Q", whole, 12)[0]


def says(data):
    with open(scratch, "wb") as out:
        out.write(data)
    run = subprocess.run([reader, "digests", scratch], capture_output=True, text=True)
    if run.returncode != 1 or run.stdout:
        sys.exit(f"status {run.returncode} for {len(data)} bytes: {run.stdout}{run.stderr}")
    return run.stderr.removeprefix("facts-file: ").strip()


def flipped(at, bit=0):
    return whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]


for name, data in {
    "empty": b"",
    "head": whole[:50],
    "cut": whole[:-1],
    "longer": whole + b"\0",
    "foreign": b"refleak-facts 1\nend\n" * 20,
    "object": b"\x7fELF" + bytes(200),
    "text mode": whole.replace(b"\r\n", b"\n"),
    "newer": whole[:8] + struct.pack("<I", 7) + whole[12:],
    "older": whole[:8] + struct.pack("<I", 0) + whole[12:],
    "head bit": flipped(30),
    "meaning bit": flipped(HEAD + meaning // 2),
    "position bit": flipped(HEAD + meaning + 3),
}.items():
    print(f"{name}: {says(data)}")

prefixes = range(0, len(whole), max(1, len(whole) // 200))
bits = range(0, len(whole), max(1, len(whole) // 200))
for size in prefixes:
    says(whole[:size])
for at in bits:
    says(flipped(at, at % 8))
print(f"all of {len(prefixes)} prefixes and {len(bits)} flipped bits are refused")
