"""Rules on the text of files: hygiene, words, guards, TOML, format."""

import pathlib
import re
import shutil
import subprocess
import tomllib

from tree import CODE

LINES_MAX = 400
COLUMNS_MAX = 100
SOURCE = (".cc", ".h", ".py")
SCRIPT = SOURCE + (".sh", ".cmake", ".capnp", ".txt", ".toml")
TABS_ALLOWED = (".tsv", ".patch", ".mk")
# The patterns are written so that this file does not match them itself.
LATER = re.compile(r"\b(?:TO(?:DO)|FIX(?:ME)|XX(?:X))\b")
MACHINE = re.compile(r"(?<![\w.~$})-])/(?:work|tmp/h|home|root)/")
SLEEP = re.compile(r"\bsleep_(?:for|until)\b|\b(?:u|nano|)sleep\s*\(")
SKIP = re.compile(r"\bGTEST_(?:SKIP)\b|@(?:unittest\.)?skip|\bDISABLED(?:_)")
IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)")
# Loopback, any, and the blocks that RFC 5737 keeps for documentation.
IPV4_ALLOWED = re.compile(r"^(127\.0\.0\.1|0\.0\.0\.0|192\.0\.2\.\d+)$")


def check_hygiene(tree):
    for name, text in tree.text.items():
        if text and not text.endswith("\n"):
            tree.found(name, text.count("\n") + 1, "final-newline", "end the file with a newline")
        if text.endswith("\n\n"):
            tree.found(name, text.count("\n"), "final-newline", "take the blank lines there out")
        tabs = name.endswith(TABS_ALLOWED) or pathlib.PurePosixPath(name).name == "Makefile"
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            if line.endswith("\r"):
                tree.found(name, number, "line-end", "end lines with LF alone")
            if line.rstrip("\r") != line.rstrip("\r").rstrip(" \t"):
                tree.found(name, number, "trailing-blank", "take the blanks at the end out")
            if "\t" in line and not tabs:
                tree.found(name, number, "tab", "indent and align with spaces")
            if len(line) > COLUMNS_MAX and name.endswith(SOURCE):
                advice = f"{len(line)} columns; break at {COLUMNS_MAX}"
                tree.found(name, number, "line-length", advice)
        if name.endswith(SOURCE) and len(lines) - 1 > LINES_MAX:
            advice = f"{len(lines) - 1} lines; give the second noun a file of its own ({LINES_MAX})"
            tree.found(name, LINES_MAX + 1, "file-length", advice)


def check_words(tree):
    for name, text in tree.text.items():
        is_test = name.startswith("tests/") and name.endswith(SOURCE)
        is_code = name.endswith(SCRIPT) or "." not in name
        searched = tree.code.get(name, text).split("\n")
        for number, line in enumerate(text.split("\n"), 1):
            if LATER.search(line):
                tree.found(name, number, "later", "do it now, or write an issue instead")
            if match := MACHINE.search(line):
                advice = f"{match[0]} is one machine's: use a setting"
                tree.found(name, number, "machine-path", advice)
            if is_code:
                for match in IPV4.finditer(line):
                    if not IPV4_ALLOWED.match(match[0]):
                        advice = f"{match[0]}: only loopback here; others come from settings"
                        tree.found(name, number, "address", advice)
            if is_test and SLEEP.search(searched[number - 1]):
                tree.found(name, number, "sleep", "wait for a condition with a deadline")
            if is_test and SKIP.search(searched[number - 1]):
                tree.found(name, number, "skip", "let the test run everywhere, or do not list it")


def check_headers(tree):
    for name in tree.code:
        if not name.endswith(".h"):
            continue
        code = tree.code[name]
        if len(re.findall(r"^#pragma once$", code, re.M)) != 1:
            advice = "write #pragma once, once, under the header comment"
            tree.found(name, 1, "include-guard", advice)
        for number, line in enumerate(code.split("\n"), 1):
            if re.match(r"\s*using\s+namespace\b", line):
                advice = "name what is used, or move it to the .cc"
                tree.found(name, number, "using-namespace", advice)


def check_toml(tree):
    for name, text in tree.text.items():
        if not name.endswith(".toml"):
            continue
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            tree.found(name, int(place[1]) if place else 1, "toml", f"does not parse: {error}")


def check_format(tree):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    names = sorted(tree.code)
    if program is None:
        tree.found(".clang-format", 1, "format", "install clang-format 14 (Debian 12's)")
        return
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if not re.search(r"version 14\.", version):
        advice = f"use clang-format 14 (Debian 12's); this is: {version.strip()}"
        tree.found(".clang-format", 1, "format", advice)
        return
    if not (tree.root / ".clang-format").exists():
        tree.found(".clang-format", 1, "format", "the file is missing")
        return
    for begin in range(0, len(names), 64):
        command = [program, "--dry-run", "-Werror", "--ferror-limit=1", *names[begin : begin + 64]]
        out = subprocess.run(command, cwd=tree.root, capture_output=True, text=True).stderr
        for match in re.finditer(r"^(\S+?):(\d+):\d+: error:", out, re.M):
            tree.found(match[1], int(match[2]), "format", "run ./express fmt")


CHECKS = (check_hygiene, check_words, check_headers, check_toml)
