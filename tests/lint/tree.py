"""The files of a tree, read once, and what the rules found in them."""

import pathlib
import re
import subprocess

CODE = (".cc", ".h")
BINARY = (".bin", ".png", ".jpg", ".ico", ".gif", ".pdf", ".woff2", ".db")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')

# Every rule there is; lint_selftest.py breaks each of them once.
RULES = frozenset(
    """direction include-missing include-form third-party-header third-party-place pure-include
    pure-call encoding line-end final-newline trailing-blank tab line-length file-length
    include-guard later sleep skip machine-path address using-namespace toml format""".split()
)

COMMENT_OR_LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/"  # comments
    r'|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'  # strings
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",  # characters; not the digits' separator
    re.S,
)


def strip_comments(text):
    """`text` with comments and literals blanked, line numbers and columns kept."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))

    return COMMENT_OR_LITERAL.sub(blank, text)


class Tree:
    """The files under a root, read once, and what was found in them."""

    def __init__(self, root):
        self.root = root
        self.findings = []
        self.files = self._list()
        self.text = {}
        for name in self.files:
            text = self._read(name)
            if text is not None:
                self.text[name] = text
        self.code = {n: strip_comments(t) for n, t in self.text.items() if n.endswith(CODE)}

    def found(self, name, line, rule, advice):
        assert rule in RULES, rule
        self.findings.append((name, line, rule, advice))

    def _list(self):
        if (self.root / ".git").exists():
            out = subprocess.run(
                ["git", "ls-files", "-z", "-co", "--exclude-standard"],
                cwd=self.root, capture_output=True, check=True,
            ).stdout  # fmt: skip
            names = out.decode().split("\0")
        else:
            names = [p.relative_to(self.root).as_posix() for p in self.root.rglob("*")]
            names = [n for n in names if n.split("/")[0] not in ("build", "state")]
        return sorted(n for n in set(names) if n and (self.root / n).is_file())

    def _read(self, name):
        if name.endswith(BINARY):
            return None
        raw = (self.root / name).read_bytes()
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.found(name, line, "encoding", "write it in UTF-8")
            return None

    def includes(self, name):
        """(line, path, is_ours) of every include of a source file."""
        for number, line in enumerate(self.text[name].split("\n"), 1):
            if match := INCLUDE.match(line):
                yield number, match[1] or match[2], match[1] is not None

    def resolve(self, name, path):
        """The file an include with quotes means; None when there is none."""
        here = pathlib.PurePosixPath(name).parent
        for candidate in (f"lib/{path}", path, (here / path).as_posix()):
            if candidate in self.text:
                return candidate
        schema = path.removesuffix(".h")
        return schema if schema.endswith(".capnp") and schema in self.text else None
