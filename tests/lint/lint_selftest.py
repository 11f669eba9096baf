#!/usr/bin/env python3
"""A linter that cannot fail is none: breaks every rule once, in a tree of its own, and demands that
the finding names the place. Also that a clean tree has no finding. Python's standard library only.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # leave the tree as it is

import lint
from tree import RULES

HEAD = "#pragma once\n\n"
CLEAN = {
    "CMakeLists.txt": "project(sample)\n",
    ".clang-format": "BasedOnStyle: Google\nSortIncludes: Never\n",
    "config/sample.toml": "[a]\nb = 1\n",
    "schemas/body.capnp": "@0xa0b0c0d0e0f01020;\n",
    "lib/core/time.h": HEAD + "#include <chrono>\n\n// \u65f6\u95f4\n",
    "lib/courier/retry.h": HEAD + '#include "core/time.h"\n',
    "lib/casework/act.h": HEAD + '#include "core/time.h"\n',
    "lib/wire/body.cc": '#include <capnp/message.h>\n\n#include "schemas/body.capnp.h"\n',
    "lib/ops/log.h": HEAD + "#include <fmt/core.h>\n",
    "broker/brain.h": HEAD + '#include "broker/levels.h"\n#include "courier/retry.h"\n',
    "broker/levels.h": HEAD + "#include <map>\n",
    "nodes/common/brain.h": HEAD + '#include "casework/act.h"\n',
    "tests/unit/core/time_test.cc": '#include <gtest/gtest.h>\n\n#include "core/time.h"\n',
    # Neither comments nor names that only look alike are findings.
    "tests/unit/core/wait_test.cc": "// We never sleep_" + "for long.\nint asleep(int);\n",
}
# (rule, file, line, its text): each is written over the clean tree, alone.
BROKEN = [
    ("direction", "lib/core/x.h", 3, HEAD + '#include "courier/retry.h"\n'),
    ("direction", "lib/courier/x.h", 3, HEAD + '#include "casework/act.h"\n'),
    ("direction", "lib/ops/x.cc", 1, '#include "courier/retry.h"\n'),
    ("direction", "broker/x.cc", 1, '#include "casework/act.h"\n'),
    ("direction", "broker/x.cc", 1, '#include "nodes/common/brain.h"\n'),
    ("direction", "nodes/common/x.cc", 1, '#include "broker/levels.h"\n'),
    ("direction", "cli/x.cc", 1, '#include "broker/levels.h"\n'),
    ("direction", "lib/core/x.cc", 1, '#include "tests/support/fake.h"\n'),
    ("direction", "lib/unheard/x.cc", 1, "int x();\n"),
    ("include-missing", "lib/ops/x.cc", 1, '#include "wire/../courier/retry.h"\n'),
    ("include-missing", "broker/x.cc", 1, '#include "core/absent.h"\n'),
    ("include-form", "broker/x.cc", 1, "#include <core/time.h>\n"),
    ("third-party-header", "lib/net/x.h", 3, HEAD + "#include <zmq.h>\n"),
    ("third-party-header", "lib/ops/x.h", 3, HEAD + "#include <fmt/core.h>\n"),
    ("third-party-header", "broker/x.h", 3, HEAD + "#include <nlohmann/json.hpp>\n"),
    ("third-party-place", "broker/x.cc", 1, "#include <sqlite3.h>\n"),
    ("third-party-place", "lib/ops/x.cc", 1, "#include <boost/asio.hpp>\n"),
    ("pure-include", "lib/core/x.cc", 1, "#include <random>\n"),
    ("pure-include", "lib/courier/x.cc", 1, "#include <thread>\n"),
    ("pure-include", "lib/casework/x.cc", 1, "#include <fstream>\n"),
    ("pure-include", "broker/brain_turn.cc", 1, "#include <mutex>\n"),
    ("pure-include", "broker/brain_turn.cc", 1, '#include "ops/log.h"\n'),
    # Reached from the brain by its include.
    ("pure-include", "broker/levels.h", 3, HEAD + "#include <unistd.h>\n"),
    ("pure-include", "broker/levels.cc", 1, "#include <filesystem>\n"),
    ("pure-call", "lib/core/x.cc", 1, "auto at = std::chrono::system_clock::" + "now();\n"),
    ("encoding", "docs/x.md", 2, b"good\n\xff\xfe\n"),
    ("line-end", "docs/x.md", 1, "one\r\n"),
    ("final-newline", "docs/x.md", 1, "one"),
    ("final-newline", "docs/x.md", 2, "one\n\n"),
    ("trailing-blank", "docs/x.md", 2, "one\ntwo \n"),
    ("tab", "broker/x.cc", 1, "\tint x();\n"),
    ("line-length", "broker/x.cc", 1, "//" + "x" * 99 + "\n"),
    ("file-length", "broker/x.cc", 401, "int x();\n" * 401),
    ("include-guard", "broker/x.h", 1, "int x();\n"),
    ("later", "broker/x.cc", 1, "// TO" + "DO: more\n"),
    ("later", "docs/x.md", 1, "FIX" + "ME\n"),
    ("sleep", "tests/unit/core/x_test.cc", 1, "void f() { sleep_" + "for(a); }\n"),
    ("sleep", "tests/web/x.py", 1, "time.slee" + "p(1)\n"),
    ("skip", "tests/unit/core/x_test.cc", 1, "void f() { GTEST_" + "SKIP(); }\n"),
    ("skip", "tests/unit/core/x_test.cc", 1, "TEST(A, DISABLED" + "_B) {}\n"),
    ("machine-path", "docs/x.md", 1, "see /ho" + "me/me/notes\n"),
    ("address", "config/x.toml", 1, 'to = "10.1.' + '2.3"\n'),
    ("using-namespace", "broker/x.h", 3, HEAD + "using namespace std;\n"),
    ("toml", "config/x.toml", 2, "a = 1\nb =\n"),
    ("format", "broker/x.cc", 1, "int   x( );\n"),
]


class LintTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name, text in CLEAN.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def findings(self, formatted=False):
        return lint.lint(self.root, formatted)[0]

    def test_finds_nothing_in_a_clean_tree(self):
        self.assertEqual(self.findings(formatted=True), [])

    def test_finds_each_breach_where_it_is(self):
        for rule, name, line, text in BROKEN:
            with self.subTest(rule=rule, name=name, text=text[:60]):
                self.write("tests/support/fake.h", "#pragma once\n")
                self.write(name, text)
                places = [(f, n, r) for f, n, r, _ in self.findings(rule == "format")]
                self.assertIn((name, line, rule), places)
                if name in CLEAN:
                    self.write(name, CLEAN[name])
                else:
                    (self.root / name).unlink()

    def test_every_rule_is_broken_once(self):
        self.assertEqual({rule for rule, *_ in BROKEN}, RULES)

    def test_the_program_says_place_and_advice_and_exits_1(self):
        self.write("broker/x.h", "int x();\n")
        program = pathlib.Path(lint.__file__)
        run = subprocess.run(
            [sys.executable, program, self.root], capture_output=True, text=True, check=False
        )
        self.assertEqual(run.returncode, 1)
        self.assertIn("broker/x.h:1: include-guard: write #pragma once", run.stdout)

    def test_the_program_looks_only_at_what_git_would_take(self):
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.write(".gitignore", "/build/\n")
        self.write("build/x.h", "int x();\n")
        self.assertEqual(self.findings(), [])
        self.write("broker/x.h", "int x();\n")
        self.assertEqual([f[0] for f in self.findings()], ["broker/x.h"])

    def test_the_program_exits_2_where_there_is_no_tree(self):
        program = pathlib.Path(lint.__file__)
        run = subprocess.run(
            [sys.executable, program, self.root / "lib"], capture_output=True, check=False
        )
        self.assertEqual(run.returncode, 2)


if __name__ == "__main__":
    unittest.main()
