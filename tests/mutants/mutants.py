#!/usr/bin/env python3
"""Are the tests able to fail? Builds have deliberate bugs to choose from (lib/core/mutant.h); for
each of them the tests named in mutants.toml run until one fails. A bug that none notices survives.

  python3 tests/mutants/mutants.py BIN [--only NAME]... [--list] [--jobs N]

BIN: where the programs of the `mutants` preset are. Exit codes: 0 every bug was found, 1 one
survived, 2 the run is void (a test fails without any bug, or the table does not fit the code),
64 wrong command line, 130 interrupted. Python's standard library only.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
import tomllib

sys.dont_write_bytecode = True  # leave the tree as it is

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLE = HERE / "mutants.toml"
NAMES = ROOT / "lib/core/mutant.h"
CODE = ("lib", "broker", "nodes")

OK, SURVIVED, VOID, USAGE, INTERRUPTED = 0, 1, 2, 64, 130
LIMIT_SECONDS = 60  # of one killer, where the table says nothing else
NO_SUCH_MUTANT = "there is no such mutant"


class VoidRun(Exception):
    """Says nothing about any bug."""


@dataclasses.dataclass(frozen=True)
class Killer:
    command: str  # a program in BIN with its arguments
    limit: float = LIMIT_SECONDS
    timeout_kills: bool = False  # what hangs under the bug ends at once without it


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    bug: str
    rule: str
    killers: tuple


@dataclasses.dataclass(frozen=True)
class Outcome:
    failed: bool
    test: str  # the one that failed
    seconds: float
    output: str


def load_table(path):
    """Every mutant, in the table's order. Raises VoidRun when a row is not whole."""
    mutants = []
    for row in tomllib.loads(path.read_text())["mutant"]:
        try:
            killers = tuple(
                Killer(command=killer) if isinstance(killer, str) else Killer(**killer)
                for killer in row.pop("killers")
            )
            mutant = Mutant(killers=killers, **row)
        except (KeyError, TypeError) as error:
            raise VoidRun(f"{path.name}: {row.get('name', row)}: {error}") from error
        if not killers or not all((mutant.name, mutant.bug, mutant.rule)):
            raise VoidRun(f"{path.name}: {mutant.name}: name, bug, rule and killers are needed")
        mutants.append(mutant)
    return mutants


def check_table(mutants, header, sources):
    """Table, names and code speak of the same mutants, each of them once; else VoidRun."""
    known = dict(re.findall(r'\bX\((k\w+), "([a-z-]+)"\)', header))
    names = [mutant.name for mutant in mutants]
    if sorted(names) != sorted(known.values()):
        odd = sorted(set(names) ^ set(known.values())) or "a name is there twice"
        raise VoidRun(f"mutants.toml and lib/core/mutant.h do not name the same: {odd}")
    for enumerator, name in known.items():
        if not re.search(rf"\bMutant::{enumerator}\b", sources):
            raise VoidRun(f"{name}: no code has this bug (Mutant::{enumerator})")


def read_sources():
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.cc")]
    return "\n".join(file.read_text() for file in files)


def failed_test(command, output, code):
    """The test that failed, by the words of gtest or the simulator; else the command."""
    if match := re.search(r"^\[  FAILED  \] ([^\s,]+)", output, re.M):
        return match[1]
    ran = re.findall(r"^\[ RUN      \] (\S+)", output, re.M)
    if ran:
        return f"{ran[-1]} (ended by signal {-code})" if code < 0 else ran[-1]
    if match := re.search(r"--seeds 1 --seed (\d+)", output):
        return f"{command.split()[0]} --seeds 1 --seed {match[1]}"
    return f"{command} (ended by signal {-code})" if code < 0 else command


class Running:
    """The processes under way, to be ended when the run is."""

    def __init__(self):
        self.lock = threading.Lock()
        self.groups = set()
        self.is_over = False

    def start(self, command, environment):
        with self.lock:
            if self.is_over:
                raise KeyboardInterrupt
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,  # its daemons end with it
            )
            self.groups.add(process.pid)
            return process

    def end(self, process):
        with self.lock:
            self.groups.discard(process.pid)
            self.kill(process.pid)

    def end_all(self):
        with self.lock:
            self.is_over = True
            for group in self.groups:
                self.kill(group)

    @staticmethod
    def kill(group):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Runner:
    def __init__(self, bin_dir):
        self.bin_dir = bin_dir
        self.running = Running()

    def run(self, killer, mutant=""):
        """Runs one killer under one mutant ("": none)."""
        program, *arguments = shlex.split(killer.command)
        # Fixed dice; a property that is broken need not find its smallest example.
        environment = dict(os.environ, MINQING_MUTANT=mutant, GTEST_FAIL_FAST="1")
        environment["RC_PARAMS"] = "seed=1 noshrink=1"
        begin = time.monotonic()
        process = self.running.start([str(self.bin_dir / program), *arguments], environment)
        is_late = False
        try:
            output, _ = process.communicate(timeout=killer.limit)
        except subprocess.TimeoutExpired:
            is_late = True
            self.running.kill(process.pid)
            output, _ = process.communicate()
        finally:
            self.running.end(process)
        seconds = time.monotonic() - begin
        if NO_SUCH_MUTANT in output:
            raise VoidRun(f"{program} knows no mutant {mutant}: build the preset `mutants` again")
        if re.search(r"^\[==========\] Running 0 tests", output, re.M):
            raise VoidRun(f"{killer.command}: names no test")
        if is_late:
            test = f"{failed_test(killer.command, output, 0)} (no end within {killer.limit:g} s)"
            return Outcome(killer.timeout_kills or not mutant, test, seconds, output)
        test = failed_test(killer.command, output, process.returncode)
        return Outcome(process.returncode != 0, test, seconds, output)

    def check_sound(self, killer):
        """Without any bug the test passes; else VoidRun."""
        outcome = self.run(killer)
        if outcome.failed:
            tail = "\n".join(outcome.output.splitlines()[-30:])
            raise VoidRun(f"{outcome.test} fails without any bug:\n{tail}")
        return outcome.seconds

    def kill(self, mutant):
        """The outcome of the first killer that fails, and the seconds of all; (None, seconds)."""
        seconds = 0.0
        for killer in mutant.killers:
            outcome = self.run(killer, mutant.name)
            seconds += outcome.seconds
            if outcome.failed:
                return outcome, seconds
        return None, seconds


def run_all(runner, mutants, jobs):
    """Runs and prints; the exit code."""
    killers = list(dict.fromkeys(killer for mutant in mutants for killer in mutant.killers))
    width = max(len(mutant.name) for mutant in mutants)
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            sound = list(pool.map(runner.check_sound, killers))
            print(f"without any bug: {len(killers)} tests pass ({sum(sound):.1f} s)\n", flush=True)
            survivors = []
            for mutant, (outcome, seconds) in zip(mutants, pool.map(runner.kill, mutants)):
                if outcome is None:
                    survivors.append(mutant)
                by = outcome.test if outcome else "SURVIVED"
                print(f"{mutant.name:{width}} → {by} ({seconds:.1f} s)", flush=True)
        except BaseException:
            runner.running.end_all()
            raise
    for mutant in survivors:
        tried = "; ".join(killer.command for killer in mutant.killers)
        print(f"\nsurvived: {mutant.name}: {mutant.bug} ({mutant.rule})\n  tried: {tried}")
    killed = len(mutants) - len(survivors)
    print(f"\nVERDICT {'FAILED' if survivors else 'ok'} mutants={len(mutants)} killed={killed} "
          f"survived={len(survivors)} seconds={time.monotonic() - begin:.0f}")
    return SURVIVED if survivors else OK


def show_list(mutants):
    for mutant in mutants:
        print(f"{mutant.name}  ({mutant.rule})\n  {mutant.bug}")
        for killer in mutant.killers:
            print(f"    {killer.command}")


def choose(mutants, only):
    unknown = set(only) - {mutant.name for mutant in mutants}
    if unknown:
        print(f"mutants: there is no {', '.join(sorted(unknown))}; see --list", file=sys.stderr)
        sys.exit(USAGE)
    return [mutant for mutant in mutants if not only or mutant.name in only]


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"mutants: {message}; see --help", file=sys.stderr)
        sys.exit(USAGE)


def main(arguments=None):
    parser = Parser(prog="mutants", description="every deliberate bug must be found by a test")
    parser.add_argument("bin", type=pathlib.Path, help="the programs of the `mutants` preset")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this one")
    parser.add_argument("--list", action="store_true", help="show the table, run nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="tests at a time")
    options = parser.parse_args(arguments)
    try:
        table = load_table(TABLE)
        check_table(table, NAMES.read_text(), read_sources())
        mutants = choose(table, options.only)
        if options.list:
            show_list(mutants)
            return OK
        return run_all(Runner(options.bin), mutants, max(1, options.jobs))
    except VoidRun as error:
        print(f"mutants: the run is void: {error}", file=sys.stderr)
        return VOID
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
