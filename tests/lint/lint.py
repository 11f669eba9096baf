#!/usr/bin/env python3
"""The rules of this tree that no compiler checks.

  python3 tests/lint/lint.py ROOT [--formatted]

Prints every finding as `file:line: rule: what to do` and exits 1 when there is one; 2 when it could
not look. With --formatted also asks clang-format 14 (Debian 12's). Looks at what git tracks or
would add; without git at every file but build/ and state/. Python's standard library only.
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True  # leave the tree as it is

import includes
import texts
from tree import Tree


def lint(root, formatted=False):
    """Every finding, as (file, line, rule, advice), in order; and how many files were read."""
    tree = Tree(root)
    checks = includes.CHECKS + texts.CHECKS
    for check in checks + ((texts.check_format,) if formatted else ()):
        check(tree)
    return sorted(set(tree.findings)), len(tree.text)


def main():
    parser = argparse.ArgumentParser(description="checks the rules of this tree")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--formatted", action="store_true", help="also ask clang-format 14")
    arguments = parser.parse_args()
    if not (arguments.root / "CMakeLists.txt").is_file():
        print(f"lint: {arguments.root} is not the root of the tree", file=sys.stderr)
        return 2
    findings, files = lint(arguments.root.resolve(), arguments.formatted)
    for name, line, rule, advice in findings:
        print(f"{name}:{line}: {rule}: {advice}")
    for (name, path), reason in {**includes.HEADERS_ALLOWED, **includes.PURE_ALLOWED}.items():
        print(f"lint: allowed by name: {name} <{path}>: {reason}")
    print(f"lint: {len(findings)} findings in {files} files")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
