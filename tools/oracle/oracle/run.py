"""Compiles programs with AddressSanitizer and runs each on every answer to its questions."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Dict

from . import render

COMPILE = ["-std=c++20", "-O0", "-w", "-fsanitize=address", "-fsanitize-address-use-after-scope", "-D_GLIBCXX_DEBUG",
           "-DHMAP_CHECKED=1"]
OPTIONS = "detect_stack_use_after_return=1:detect_leaks=0:symbolize=0:quarantine_size_mb=16:malloc_context_size=1"


class ToolError(Exception):
    """The oracle cannot do its work: a tool is missing, or a generated program is not C++."""


@dataclass(frozen=True)
class Outcome:
    """What the runs of a program came to: failed, fine, or unsure where not every way through it was seen."""

    verdict: str
    runs: int
    complaint: str


def checked(command, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", **options)
    except FileNotFoundError:
        raise ToolError(f"{command[0]} is not installed")


class Runner:
    """Holds what all compilations share: the precompiled runtime and the harness."""

    def __init__(self, compiler, hmap, folder):
        self.compiler = compiler
        self.folder = folder
        # A copy, for a precompiled header is of no use once what it was made from has changed.
        self.runtime = os.path.join(folder, "include")
        tool = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        for source in (os.path.join(tool, "runtime"), hmap):
            shutil.copytree(source, self.runtime, dirs_exist_ok=True)
        self.flags = [*COMPILE, "-I" + self.runtime]
        self.libraries = self.absl_libraries()
        self.absl = self.libraries is not None
        self.flags.append(f"-DORACLE_ABSL={int(self.absl)}")
        self.header = os.path.join(folder, "prelude.pch")
        self.objects = [os.path.join(folder, name) for name in ("prelude.o", "harness.o")]
        self.compile("-fpch-instantiate-templates", "-fpch-codegen", "-x", "c++-header",
                     os.path.join(self.runtime, "prelude.h"), "-o", self.header)
        self.compile("-fpch-codegen", "-c", self.header, "-o", self.objects[0])
        self.compile("-c", os.path.join(self.runtime, "harness.cpp"), "-o", self.objects[1])

    def absl_libraries(self):
        """How to link abseil, or None where it is not installed."""
        query = ["pkg-config", "--libs", "absl_flat_hash_map", "absl_hash", "absl_raw_hash_set"]
        try:
            result = subprocess.run(query, capture_output=True, text=True)
        except FileNotFoundError:
            return None
        return result.stdout.split() if result.returncode == 0 else None

    def version(self):
        return checked([self.compiler, "--version"]).stdout

    def compile(self, *arguments):
        result = checked([self.compiler, *self.flags, *arguments])
        if result.returncode != 0:
            errors = [line for line in result.stderr.splitlines() if "error" in line] or [result.stderr.strip()]
            raise ToolError(f"{' '.join(arguments[-3:])} does not compile:\n" + "\n".join(errors[:10]))

    def run(self, programs, name="batch") -> Dict[str, Outcome]:
        stem = os.path.join(self.folder, name)
        with open(stem + "-run.cpp", "w") as file:
            file.write(render.run(programs))
        self.compile("-include-pch", self.header, "-c", stem + "-run.cpp", "-o", stem + ".o")
        link = checked([self.compiler, "-fsanitize=address", stem + ".o", *self.objects, *(self.libraries or []), "-o",
                        stem])
        if link.returncode != 0:
            raise ToolError(f"{stem}.o cannot be linked:\n{link.stderr.strip()}")
        result = checked([stem], env={**os.environ, "ASAN_OPTIONS": OPTIONS})
        outcomes = {}
        for line in result.stdout.splitlines():
            program, verdict, runs, *complaint = line.split(" ", 3)
            outcomes[program] = Outcome(verdict, int(runs), kind_of("".join(complaint)))
        missing = [program.name for program in programs if program.name not in outcomes]
        if missing:
            raise ToolError(f"{stem} did not run {', '.join(missing)}: {result.stderr.strip()}")
        return outcomes


def kind_of(complaint):
    """A complaint without addresses, so that like ones can be counted together."""
    words = complaint.split(" on address ")[0].split(" on unknown address")[0]
    return words.strip()
