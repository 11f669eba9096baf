"""Rules on include lines: directions, third parties, purity."""

import re

# --- directions: who may include whom (design: "Layout and directions") --------------------------

LIBS = ["core", "posix", "courier", "casework", "wire", "seal", "store", "net", "ops", "daemon"]
# casework is allowed courier for the ids of streams that its port to the log speaks of.
DIRECTIONS = {
    "lib/core": [],
    "lib/posix": [],
    "lib/courier": ["core"],
    "lib/casework": ["core", "courier"],
    "lib/wire": ["core", "courier", "casework", "schemas"],
    "lib/seal": ["core", "posix"],
    "lib/store": ["core", "posix", "courier", "casework"],
    "lib/net": ["core", "posix"],
    "lib/ops": ["core", "posix"],
    "lib/daemon": ["core", "wire", "seal", "net", "ops"],
    # The broker knows no case: everything but casework.
    "broker": [name for name in LIBS if name != "casework"],
    "nodes/common": LIBS,
    "nodes/office": LIBS + ["nodes/common", "nodes/agency"],
    "nodes/agency": LIBS + ["nodes/common"],
    "cli": LIBS + ["cli/network"],
    "cli/verbs": LIBS + ["cli", "cli/network", "cli/upkeep", "cli/doctor"],
    "cli/upkeep": LIBS + ["cli", "cli/network"],
    "cli/doctor": LIBS + ["cli", "cli/network", "cli/upkeep"],
    "cli/network": LIBS,
    "cli/express": LIBS + ["cli", "cli/network"],
    "cli/torture": LIBS + ["cli", "cli/network", "cli/express"],
}
FREE = ("tests", "bench")  # these may include anything
FREE_ONLY = ("tests",)  # and nobody else includes these

# --- third-party headers: in the .cc files of their adapters only --------------------------------

ADAPTERS = {
    "zmq": ["lib/net"],
    "capnp/": ["lib/wire"],
    "kj/": ["lib/wire"],
    "sodium": ["lib/seal"],
    "sqlite3": ["lib/store"],
    "toml++/": ["lib/ops"],
    "spdlog/": ["lib/ops"],
    "fmt/": ["lib/ops"],
    "prometheus/": ["lib/ops"],
    "httplib": ["lib/ops"],
    "nats": ["broker"],
    "pugixml": ["nodes"],
    "CLI/": ["lib/ops", "cli"],
    "nlohmann/": ["lib/ops", "lib/store", "broker", "nodes", "cli"],
    "benchmark/": [],
    "gtest/": [],
    "gmock/": [],
    "rapidcheck": [],
}
SYSTEM = ("sys/", "netinet/", "arpa/", "net/")
# Headers of ours that may show a third party's, and why. Printed at the end of every run.
HEADERS_ALLOWED = {
    ("lib/ops/log.h", "fmt/core.h"): "call sites format through it",
    ("lib/wire/message_io.h", "capnp/blob.h"): "the codecs' own header; no other layer includes it",
}

# --- pure code: no clock, random source, thread, log or I/O ---------------------------------------

PURE_FOLDERS = ("lib/core", "lib/courier", "lib/casework")
BRAINS = ("broker/brain", "nodes/common/brain")
PURE_LIBS = ("core", "courier", "casework")
PURE_HEADERS = set(
    """algorithm array bit charconv chrono compare concepts cstddef cstdint cstring deque functional
    initializer_list iterator limits list map memory numeric optional queue ratio set span string
    string_view tuple type_traits unordered_map unordered_set utility variant vector""".split()
)
PURE_ALLOWED = {
    ("lib/core/check.cc", "cstdio"): "a failed CHECK says where",
    ("lib/core/check.cc", "cstdlib"): "a failed CHECK aborts",
    ("lib/core/time.cc", "cstdio"): "snprintf into a buffer",
}
IMPURE_CALL = re.compile(
    r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock)::now\b"
    r"|\b(s?rand|getrandom|getenv|fopen|printf|fprintf|gettimeofday|clock_gettime)\s*\("
    r"|\bstd::(cout|cerr|clog|cin|thread|jthread|mutex)\b"
)

# --- rules ----------------------------------------------------------------------------------------


def folder_of(name):
    """The folder of the direction table that a file belongs to; None for a free one."""
    parts = name.split("/")
    if parts[0] in FREE:
        return None
    return "/".join(parts[:2]) if parts[0] in ("lib", "nodes") or len(parts) > 2 else parts[0]


def check_directions(tree):
    for name in tree.code:
        folder = folder_of(name)
        if folder is not None and folder not in DIRECTIONS:
            advice = f"give {folder} a row in DIRECTIONS of tests/lint/includes.py"
            tree.found(name, 1, "direction", advice)
            continue
        for line, path, ours in tree.includes(name):
            if ours:
                check_own_include(tree, name, folder, line, path)
            elif tree.resolve(name, path) in tree.text:
                tree.found(name, line, "include-form", f'write "{path}": it is ours')


def check_own_include(tree, name, folder, line, path):
    target = tree.resolve(name, path)
    if target is None:
        tree.found(name, line, "include-missing", f'"{path}" is neither under lib/ nor the root')
        return
    if folder is None:
        return
    to = folder_of(target)
    if to is None:
        if target.split("/")[0] in FREE_ONLY or not name.startswith("bench/"):
            tree.found(name, line, "direction", f"only tests and benchmarks may include {target}")
        return
    allowed = DIRECTIONS[folder]
    if to != folder and to.removeprefix("lib/") not in allowed:
        names = ", ".join(allowed) or "nothing outside"
        tree.found(name, line, "direction", f"{folder} may not include {to}; it may: {names}")


def check_third_party(tree):
    for name in tree.code:
        folder = folder_of(name)
        if folder is None:
            continue
        for line, path, ours in tree.includes(name):
            party = next((p for p in ADAPTERS if not ours and path.startswith(p)), None)
            if party is None:
                if not ours and "/" in path and not path.startswith(SYSTEM):
                    advice = f"give <{path}> a row in ADAPTERS of tests/lint/includes.py"
                    tree.found(name, line, "third-party-place", advice)
                continue
            if name.endswith(".h") and (name, path) not in HEADERS_ALLOWED:
                advice = f"forward-declare, and include <{path}> in the .cc"
                tree.found(name, line, "third-party-header", advice)
            if not any(folder == a or folder.startswith(a + "/") for a in ADAPTERS[party]):
                places = ", ".join(ADAPTERS[party]) or "tests and bench"
                advice = f"<{path}> belongs to {places}; go through its header"
                tree.found(name, line, "third-party-place", advice)


def pure_files(tree):
    """Pure folders, the brains, and all of ours that a brain reaches by its includes."""
    pure = {n for n in tree.code if n.startswith(tuple(f + "/" for f in PURE_FOLDERS))}
    open_ends = [n for n in tree.code if n.startswith(BRAINS)]
    while open_ends:
        name = open_ends.pop()
        if name in pure:
            continue
        pure.add(name)
        targets = [tree.resolve(name, path) for _, path, ours in tree.includes(name) if ours]
        for target in filter(None, targets):
            body = target.removesuffix(".h") + ".cc"
            if not target.startswith("lib/"):
                open_ends += [t for t in (target, body) if t in tree.code]
    return pure


def check_purity(tree):
    for name in sorted(pure_files(tree)):
        for line, path, ours in tree.includes(name):
            if ours:
                target = tree.resolve(name, path) or ""
                if target.startswith("lib/") and target.split("/")[1] not in PURE_LIBS:
                    advice = f"pure code may not include {path}; hand the result in, or use a port"
                    tree.found(name, line, "pure-include", advice)
            elif path not in PURE_HEADERS and (name, path) not in PURE_ALLOWED:
                advice = f"<{path}> is not for pure code (clock, I/O, thread, chance): hand it in"
                tree.found(name, line, "pure-include", advice)
        for line, text in enumerate(tree.code[name].split("\n"), 1):
            allowed = name == "lib/core/check.cc"
            if (match := IMPURE_CALL.search(text)) and not allowed:
                advice = f"{match[0].strip('( ')}: hand what it gives in as an argument"
                tree.found(name, line, "pure-call", advice)


CHECKS = (check_directions, check_third_party, check_purity)
