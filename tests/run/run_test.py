"""Runs minqing-express and minqing-torture as ./express run and ./express torture do, and checks
their exit codes and their lines of JSON.

usage: run_test.py PROGRAMS kaihua|scenarios|no-broker|city|kills|again|interrupt|torture|
                            torture-interrupt
"""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile

LIMIT_SECONDS = 240
STOP_LIMIT_SECONDS = 20


class Failed(Exception):
    pass


def expect(is_true, what):
    if not is_true:
        raise Failed(what)


def run(program, *options):
    """Exit code and last line of standard output, read as JSON."""
    done = subprocess.run([program, *options], capture_output=True, text=True,
                          timeout=LIMIT_SECONDS)
    print(done.stdout[-6000:], done.stderr, sep="\n")
    lines = done.stdout.splitlines()
    expect(lines, "nothing on standard output")
    return done.returncode, json.loads(lines[-1])


def expect_closed(code, report):
    expect(code == 0, f"exit code {code}")
    expect(report["ok"], "ok")
    expect(report["closed"] > 0, "some loop closed")
    expect(report["open_loops"] == 0, "no loop open")
    expect(report["envelopes"] > 0, "envelopes were delivered")
    expect(report["broker_forwarded"] >= report["envelopes"], "every envelope took the broker")


def kaihua(program):
    code, report = run(program, "--once", "--json")
    expect_closed(code, report)
    expect([story["name"] for story in report["stories"]] == ["canopy", "siblings", "by-hand"],
           "three stories")
    expect(all(story["ok"] and story["cases"] for story in report["stories"]), "each went well")


def scenarios(program):
    code, report = run(program, "--once", "--json", "--scenario", "all")
    expect_closed(code, report)
    expect([story["name"] for story in report["stories"]] ==
           ["canopy", "wages", "land", "typhoon", "repeat", "outage", "overdue", "extension"],
           "eight scenarios")
    expect(all(story["ok"] and story["cases"] for story in report["stories"]), "each went well")


def no_broker(program):
    code, report = run(program, "--once", "--json", "--fault", "no-broker")
    expect(code != 0, "a run without broker fails")
    expect(not report["ok"] and report["failure"], "and says why")
    expect(report["closed"] == 0 and report["open_loops"] > 0, "nothing closed")


def city(program):
    code, report = run(program, "--once", "--json", "--scope", "city", "--rate", "10",
                       "--minutes", "0.2")
    expect_closed(code, report)
    load = report["load"]
    expect(load["divisions"] == 1771, "every division takes part")
    expect(load["host_processes"] == 7, "seven host processes")
    expect(load["cases_submitted"] > 0, "cases were filed")
    expect(load["cases_closed"] == load["cases_submitted"], "every case was closed")


def kills(program):
    """kill -9 of broker and hosts every few seconds while the city works."""
    code, report = run(program, "--once", "--json", "--scope", "city", "--rate", "5",
                       "--minutes", "0.3", "--kills", "3")
    expect(code == 0, f"exit code {code}")
    expect(report["ok"], "ok")
    expect(report["open_loops"] == 0, "no loop open")
    load = report["load"]
    expect(load["cases_closed"] == load["cases_submitted"] > 0, "every case was closed")
    done = load["kills"]
    expect(done["broker"] > 0 and done["hosts"] > 0, "broker and hosts were killed")
    expect(done["recoveries"] == done["broker"] + done["hosts"], "all came back")
    expect(done["lost"] == done["open"] == done["wrong"] == 0, "the logs are whole")


def torture(program):
    """A short one: every blow at least once, and nothing lost."""
    with tempfile.TemporaryDirectory() as state:
        code, report = run(program, "--minutes", "0.25", "--seed", "7", "--rate", "5",
                           "--state", state, "--json")
        expect(code == 0, f"exit code {code}")
        expect(report["ok"] and report["verdict"] == "passed", "passed")
        expect(report["seed"] == 7, "the seed is told")
        expect(report["cases"] == report["closed"] > 0, "cases were filed and closed")
        expect(report["envelopes"] > report["cases"], "envelopes were delivered")
        expect(all(count > 0 for count in report["blows"].values()), "every blow was dealt")
        expect(report["recoveries"] == report["kills"] > 0, "all came back")
        for flaw in ("lost", "doubled", "reordered", "unexpected", "unfinished"):
            expect(report[flaw] == 0, f"nothing {flaw}")
        expect(not any(pathlib.Path(state).iterdir()), "it leaves nothing when all is well")


def torture_interrupt(program):
    """Ctrl-C: everything stops, in time, and no verdict is claimed."""
    with tempfile.TemporaryDirectory() as state:
        with subprocess.Popen([program, "--state", state, "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if "up:" in line:
                    break
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=STOP_LIMIT_SECONDS)
            print(out, err, sep="\n")
            expect(process.returncode == 130, f"exit code {process.returncode}")
            expect("verdict incomplete" in out, "it says that it knows nothing")
            expect(json.loads(out.splitlines()[-1])["verdict"] == "incomplete", "in JSON as well")


def again(program):
    """A second run in the same directory goes on with the network of the first."""
    with tempfile.TemporaryDirectory() as state:
        for _ in range(2):
            code, report = run(program, "--once", "--json", "--state", state)
            expect_closed(code, report)


def interrupt(program):
    """Ctrl-C while the stories play: everything stops, in time, and nothing keeps running."""
    with tempfile.TemporaryDirectory() as state:
        with subprocess.Popen([program, "--state", state], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if "Story 1" in line:
                    break
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=STOP_LIMIT_SECONDS)
            print(out, err, sep="\n")
            expect(process.returncode == 130, f"exit code {process.returncode}")
            expect("interrupted" in err, "it says that it was interrupted")
            expect("8 个进程 stopped" in out, "all it started was stopped")


SCENARIOS = {"kaihua": kaihua, "scenarios": scenarios, "no-broker": no_broker, "city": city,
             "kills": kills, "again": again, "interrupt": interrupt, "torture": torture,
             "torture-interrupt": torture_interrupt}


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in SCENARIOS:
        print(__doc__, file=sys.stderr)
        return 64
    scenario = sys.argv[2]
    program = "minqing-torture" if scenario.startswith("torture") else "minqing-express"
    try:
        SCENARIOS[scenario](pathlib.Path(sys.argv[1]) / program)
    except Failed as failed:
        print(f"run_test: expected: {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
