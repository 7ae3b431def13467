"""Unit tests of the oracle's parts that need no compiler."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
root = sys.argv.pop(1)
sys.path.insert(0, os.path.join(root, "tools", "oracle"))

from oracle import render
from oracle.generate import fill, generate
from oracle.judge import Said, disagreement
from oracle.known import Known
from oracle.program import all_statements, well_formed
from oracle.reduce import program_size, reduce, smaller, ways
from oracle.run import Outcome

FAILED, FINE, UNSURE = (Outcome(verdict, 1, "") for verdict in ("failed", "fine", "unsure"))


def text(program):
    return render.judged([program])[0], render.run([program])


class Generating(unittest.TestCase):
    def test_same_seed_same_program(self):
        for index in range(30):
            self.assertEqual(text(generate(5, index, True)), text(generate(5, index, True)))

    def test_programs_differ_by_seed_and_number(self):
        texts = {text(generate(seed, index, True))[0].split("namespace")[1][4:] for seed in (1, 2) for index in range(20)}
        self.assertEqual(len(texts), 40)

    def test_every_program_is_well_formed(self):
        for index in range(200):
            self.assertTrue(well_formed(generate(6, index, True)))

    def test_without_absl_nothing_names_it(self):
        for index in range(100):
            self.assertNotIn("absl", "".join(text(generate(7, index, False))))

    def test_what_refleak_sees_has_no_trace_of_the_run(self):
        for index in range(50):
            judged, _ = text(generate(8, index, True))
            self.assertNotIn("checked", judged)
            self.assertNotIn("oracle", judged)


class Filling(unittest.TestCase):
    def test_slots_and_doubled_braces(self):
        self.assertEqual("".join(fill("{c} = {t}{{{v}}};", c=["a"], t=["T"], v=["1, ", "2"])), "a = T{1, 2};")


class Reducing(unittest.TestCase):
    def test_each_step_gives_a_smaller_program_and_leaves_the_old_one_alone(self):
        for index in range(20):
            program = generate(9, index, True)
            before = text(program)
            for step in ways(program):
                made = smaller(program, [step])
                if made is not None:
                    self.assertTrue(well_formed(made))
                    self.assertLess(program_size(made), program_size(program))
            self.assertEqual(text(program), before)

    def test_reduces_to_what_the_question_needs(self):
        reduced = 0
        for index in range(40):
            program = generate(10, index, True)
            if not wanted(program):
                continue
            small = reduce(program, lambda programs: [wanted(program) for program in programs])
            self.assertTrue(wanted(small))
            for step in ways(small):
                made = smaller(small, [step])
                self.assertFalse(made is not None and wanted(made), "one more step was possible")
            reduced += 1
        self.assertGreater(reduced, 5)

    def test_is_the_same_each_time(self):
        program = next(p for p in (generate(11, index, True) for index in range(40)) if wanted(p))
        ask = lambda programs: [wanted(program) for program in programs]
        self.assertEqual(text(reduce(program, ask)), text(reduce(program, ask)))


def wanted(program):
    return any(stmt.kind.startswith("insert") for stmt in all_statements(program))


class Judging(unittest.TestCase):
    def test_disagreements(self):
        likely, definite = (Said("r", confidence, 1, "") for confidence in ("likely", "definite"))
        self.assertEqual(disagreement(FAILED, []), "missed")
        self.assertIsNone(disagreement(FAILED, [likely]))
        self.assertIsNone(disagreement(FINE, []))
        self.assertEqual(disagreement(FINE, [likely]), "false likely")
        self.assertEqual(disagreement(FINE, [likely, definite]), "false definite")
        self.assertIsNone(disagreement(UNSURE, [definite]))
        self.assertIsNone(disagreement(UNSURE, []))


class Runs:
    """Stands for a runner: every program is fine after as many runs as programs it was asked about."""

    absl = False

    def __init__(self, runtime, version="1"):
        self.runtime = runtime
        self.version = lambda: version
        self.asked = []

    def run(self, programs, name):
        self.asked += [program.name for program in programs]
        return {program.name: Outcome("fine", len(self.asked), "") for program in programs}


class Knowing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.runtime = os.path.join(folder.name, "runtime")
        os.mkdir(self.runtime)
        self.path = os.path.join(folder.name, "runs")
        self.programs = [generate(12, index, False) for index in range(4)]

    def asked(self, programs, version="1"):
        runs = Runs(self.runtime, version)
        known = Known(runs, self.path)
        outcomes = known.run(programs)
        known.file.close()
        self.assertEqual(list(outcomes), [program.name for program in programs])
        return runs.asked

    def test_no_program_is_run_twice(self):
        self.assertEqual(self.asked(self.programs[:3]), ["p0", "p1", "p2"])
        self.assertEqual(self.asked(self.programs), ["p3"])
        self.assertEqual(self.asked(self.programs), [])

    def test_another_runtime_or_compiler_runs_all_again(self):
        self.asked(self.programs)
        self.assertEqual(len(self.asked(self.programs, "2")), 4)
        with open(os.path.join(self.runtime, "harness.h"), "w") as file:
            file.write("int harness;")
        self.assertEqual(len(self.asked(self.programs)), 4)

    def test_another_hmap_runs_what_names_it_again(self):
        programs = [generate(13, index, False) for index in range(30)]
        named = [program.name for program in programs if "hmap" in text(program)[0]]
        self.assertTrue(0 < len(named) < len(programs))
        self.asked(programs)
        os.mkdir(os.path.join(self.runtime, "hmap"))
        with open(os.path.join(self.runtime, "hmap", "map.h"), "w") as file:
            file.write("int map;")
        self.assertEqual(self.asked(programs), named)


unittest.main()
