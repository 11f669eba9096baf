#!/usr/bin/env python3
"""The runner of the mutants: a survivor fails it, and so does a run that says nothing. With
programs made up for it. Python's standard library only.
"""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # leave the tree as it is

import mutants
from mutants import Killer, Mutant

HEADER = '  X(kDedupOff, "dedup-off") \\\n  X(kForkAccepted, "fork-accepted")\n'
CODE = "if (mutated(Mutant::kDedupOff)) {}\nif (mutated(Mutant::kForkAccepted)) {}\n"
UNLESS_MUTATED = '[ -n "$MINQING_MUTANT" ] || exit 0'
# Fails under one bug only, as a gtest binary does.
FINDS_DEDUP = """#!/bin/sh
echo "[ RUN      ] A.B"
[ "$MINQING_MUTANT" = dedup-off ] || exit 0
echo "[  FAILED  ] A.B (0 ms)"
exit 1
"""


def mutant(name, *killers):
    killers = tuple(Killer(k) if isinstance(k, str) else k for k in killers)
    return Mutant(name=name, bug=f"{name} is wrong", rule="§5", killers=killers)


class MutantsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = pathlib.Path(folder.name)
        self.program("finds_dedup", FINDS_DEDUP)
        self.program("finds_nothing", "exit 0")

    def program(self, name, text):
        path = self.bin / name
        path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run_all(self, *table):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = mutants.run_all(mutants.Runner(self.bin), list(table), jobs=2)
        return code, out.getvalue()

    def test_names_the_test_that_found_the_bug(self):
        code, out = self.run_all(mutant("dedup-off", "finds_nothing", "finds_dedup"))
        self.assertEqual(code, mutants.OK)
        self.assertIn("dedup-off → A.B (", out)
        self.assertIn("VERDICT ok mutants=1 killed=1 survived=0", out)

    def test_a_survivor_fails_the_run_and_is_named(self):
        code, out = self.run_all(
            mutant("dedup-off", "finds_dedup"), mutant("fork-accepted", "finds_dedup")
        )
        self.assertEqual(code, mutants.SURVIVED)
        self.assertIn("survived: fork-accepted: fork-accepted is wrong (§5)", out)
        self.assertIn("VERDICT FAILED mutants=2 killed=1 survived=1", out)

    def test_a_test_that_fails_without_a_bug_makes_the_run_void(self):
        self.program("broken", "exit 1")
        with self.assertRaisesRegex(mutants.VoidRun, "broken fails without any bug"):
            self.run_all(mutant("dedup-off", "broken"))

    def test_a_filter_that_names_no_test_makes_the_run_void(self):
        self.program("empty", 'echo "[==========] Running 0 tests from 0 test suites."')
        with self.assertRaisesRegex(mutants.VoidRun, "names no test"):
            self.run_all(mutant("dedup-off", "empty"))

    def test_a_program_that_knows_no_such_bug_makes_the_run_void(self):
        self.program("old", f'{UNLESS_MUTATED}\necho "{mutants.NO_SUCH_MUTANT}"\nexit 64')
        with self.assertRaisesRegex(mutants.VoidRun, "knows no mutant dedup-off"):
            self.run_all(mutant("dedup-off", "old"))

    def test_a_hang_counts_only_where_the_table_says_so(self):
        self.program("hangs", f"{UNLESS_MUTATED}\nexec tail -f /dev/null")
        code, _ = self.run_all(mutant("dedup-off", Killer("hangs", limit=0.5)))
        self.assertEqual(code, mutants.SURVIVED)
        code, out = self.run_all(mutant("dedup-off", Killer("hangs", 0.5, timeout_kills=True)))
        self.assertEqual(code, mutants.OK)
        self.assertIn("(no end within 0.5 s)", out)

    def test_a_test_that_is_ended_by_a_signal_is_named(self):
        self.program("dies", f'{UNLESS_MUTATED}\necho "[ RUN      ] A.C"\nkill -6 $$')
        code, out = self.run_all(mutant("dedup-off", "dies"))
        self.assertEqual(code, mutants.OK)
        self.assertIn("A.C (ended by signal 6)", out)

    def test_the_seed_that_found_it_is_named(self):
        replay = "./express soak --seeds 1 --seed 7"
        self.program("soak", f'{UNLESS_MUTATED}\necho "{replay}"\nexit 1')
        _, out = self.run_all(mutant("dedup-off", "soak --seeds 3"))
        self.assertIn("dedup-off → soak --seeds 1 --seed 7 (", out)

    def test_table_names_and_code_must_fit(self):
        both = [mutant("dedup-off", "x"), mutant("fork-accepted", "x")]
        mutants.check_table(both, HEADER, CODE)
        with self.assertRaisesRegex(mutants.VoidRun, "fork-accepted"):
            mutants.check_table(both[:1], HEADER, CODE)
        with self.assertRaisesRegex(mutants.VoidRun, "twice"):
            mutants.check_table(both + both[:1], HEADER, CODE)
        with self.assertRaisesRegex(mutants.VoidRun, "no code has this bug"):
            mutants.check_table(both, HEADER, CODE.splitlines()[0])

    def test_the_projects_own_table_fits(self):
        table = mutants.load_table(mutants.TABLE)
        mutants.check_table(table, mutants.NAMES.read_text(), mutants.read_sources())
        self.assertGreaterEqual(len(table), 24)


if __name__ == "__main__":
    unittest.main()
