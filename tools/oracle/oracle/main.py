"""The command line: generate, run, judge, reduce, report."""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .generate import generate
from .judge import Judge, disagreement
from .known import Known
from .reduce import program_size, reduce
from .report import Coverage, keep, signature
from .run import Runner, ToolError

USAGE_ERROR = 2


def natural(text):
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def options(arguments, defaults):
    parser = argparse.ArgumentParser(
        prog="refleak-oracle",
        description="Generates programs, runs them with AddressSanitizer and compares with what refleak says. "
        "Ends with 1 if the two disagree about a program, with 2 if it could not do its work.")
    parser.add_argument("--seed", type=natural, default=1, help="which programs (default: 1)")
    parser.add_argument("--count", type=natural, default=100, help="how many (default: 100)")
    parser.add_argument("--first", type=natural, default=0, help="leave out those before this number (default: 0)")
    parser.add_argument("--batch", type=natural, default=240, help="programs that share one compilation (default: 240)")
    parser.add_argument("--jobs", type=natural, default=len(os.sched_getaffinity(0)),
                        help="compilations at a time (default: as many as there are processors)")
    parser.add_argument("--output", default="refleak-oracle", metavar="DIR",
                        help="where disagreements are kept as reduced programs (default: refleak-oracle)")
    parser.add_argument("--no-reduce", action="store_true", help="keep them as they were generated")
    parser.add_argument("--most", type=natural, default=5, metavar="N",
                        help="reduce only the first N disagreements that look alike (default: 5)")
    parser.add_argument("--refleak", default=defaults["refleak"], help="the analyzer to be judged")
    parser.add_argument("--compiler", default=defaults["compiler"], help="a clang++ with AddressSanitizer")
    parser.add_argument("--hmap", default=defaults["hmap"], metavar="DIR", help="the folder with hmap/map.h")
    parser.add_argument("--runs", metavar="FILE", help="take what programs did from this file, and add what is not in it")
    parser.add_argument("--keep-files", metavar="DIR", help="work in this folder and leave all files there")
    parsed = parser.parse_args(arguments)
    for name in ("batch", "jobs"):
        if getattr(parsed, name) == 0:
            parser.error(f"--{name} must not be 0")
    return parsed


class Oracle:
    def __init__(self, chosen, folder):
        self.chosen = chosen
        self.runner = Runner(chosen.compiler, chosen.hmap, folder)
        if chosen.runs:
            self.runner = Known(self.runner, chosen.runs)
        self.judge = Judge(chosen.refleak, self.runner.runtime, folder)
        self.coverage = Coverage()
        self.disagreements = []
        self.faulty = 0

    def verdicts(self, programs, name="batch"):
        outcomes = self.runner.run(programs, name)
        said = self.judge.judge(programs, name)
        return [(outcomes[program.name], said[program.name]) for program in programs]

    def batch(self, first):
        """The programs from this number on that share a compilation, each with its outcome and what is said of it."""
        last = min(first + self.chosen.batch, self.chosen.count)
        programs = [generate(self.chosen.seed, index, self.runner.absl) for index in range(first, last)]
        files = threading.current_thread().name  # batches that are worked on at the same time have files of their own
        return list(zip(programs, self.verdicts(programs, files)))

    def batches(self):
        """All batches in their order, several of which are worked on at a time."""
        with ThreadPoolExecutor(self.chosen.jobs, thread_name_prefix="batch") as pool:
            try:
                yield from pool.map(self.batch, range(self.chosen.first, self.chosen.count, self.chosen.batch))
            except ToolError:
                pool.shutdown(cancel_futures=True)
                raise

    def count(self, program, outcome, said):
        self.coverage.count(program, outcome, said)
        self.faulty += outcome.verdict == "failed"
        kind = disagreement(outcome, said)
        if kind:
            self.disagreements.append((kind, program, outcome, signature(kind, outcome, said)))

    def same(self, kind, complaint):
        """A question for reduce(): which of these programs still disagree in the same way?"""

        def ask(programs):
            for number, program in enumerate(programs):
                program.name = f"p{number}"
            return [disagreement(outcome, said) == kind and outcome.complaint == complaint
                    for outcome, said in self.verdicts(programs, "reduce")]

        return ask

    def keep_all(self):
        os.makedirs(self.chosen.output, exist_ok=True)
        done = {}
        for kind, program, outcome, alike in self.disagreements:
            origin = f"{self.chosen.seed}-{program.name[1:]}"
            done[alike] = done.get(alike, 0) + 1
            if not self.chosen.no_reduce and done[alike] <= self.chosen.most:
                program = reduce(program, self.same(kind, outcome.complaint))
                program.name = "p0"
                [(outcome, said)] = self.verdicts([program], "kept")
            else:
                program.name = "p0"
                said = self.judge.judge([program], "kept")[program.name]
            path = keep(self.chosen.output, program, kind, outcome, said, origin)
            print(f"{kind}: {path} ({program_size(program)} statements)", flush=True)


def main(arguments, defaults):
    chosen = options(arguments, defaults)
    folder = chosen.keep_files or tempfile.mkdtemp(prefix="refleak-oracle-")
    os.makedirs(folder, exist_ok=True)
    try:
        return work(chosen, folder)
    except ToolError as error:
        print(f"refleak-oracle: {error}", file=sys.stderr)
        return USAGE_ERROR
    finally:
        if not chosen.keep_files:
            shutil.rmtree(folder)


def work(chosen, folder):
    oracle = Oracle(chosen, folder)
    start = time.monotonic()
    done = chosen.first
    for batch in oracle.batches():
        for program, (outcome, said) in batch:
            oracle.count(program, outcome, said)
        done += len(batch)
        print(f"{done} of {chosen.count} programs after {time.monotonic() - start:.0f} s: "
              f"{len(oracle.disagreements)} disagreements", file=sys.stderr, flush=True)
    if oracle.disagreements:
        oracle.keep_all()
    print(oracle.coverage.table())
    missed = sum(kind == "missed" for kind, *_ in oracle.disagreements)
    false = len(oracle.disagreements) - missed
    definite = sum(kind == "false definite" for kind, *_ in oracle.disagreements)
    print(f"  {definite:6}  false at definite")
    print(f"{max(chosen.count - chosen.first, 0)} programs, {oracle.faulty} faulty, {missed} missed, {false} false")
    return 1 if oracle.disagreements else 0
