# SPDX-License-Identifier: MIT
"""Who may include whom: the direction of includes, as ARCHITECTURE.md draws it.

Every rule is a function of the including path and the included one. The list of rules is the whole
policy; what is not forbidden here is allowed.
"""
from __future__ import annotations

import re
from pathlib import Path

from workshop import cpp_scan, tree
from workshop.findings import Finding

# A shared folder may include itself and these.
SHARED = {
    "util": set(),
    "keyspace": {"util"},
    "resp": {"util"},
    "net": {"util", "resp"},
    "command": {"util", "resp", "keyspace"},
    "server": {"util", "resp", "keyspace", "command", "net"},
    "testing": {"util", "resp", "keyspace", "command", "net", "server"},
}
# Early stages stand on part of shared/ only: that is their idea.
EARLY_STAGES = {1: {"util"}, 2: {"util", "resp"}}
CAPABILITIES = {"persistence", "replication", "transactions", "scripting", "acl", "cluster", "tracking",
                "eviction", "introspection", "blocking", "memory"}
FULL = "10-full-server"
ASIO_FOLDERS = ("shared/net/", "01-tcp-echo/", "02-resp-parser/", "08-replication/master_link", f"{FULL}/bench/")
HEAVY = {"asio": r"^(boost/)?asio([./]|$)", "Catch2": r"^catch2?/", "fmt": r"^fmt/"}
# fmt and Catch2 stay out of headers: one include there costs every unit that reads it.
HEAVY_IN_HEADERS = {"Catch2": ("shared/testing/",), "fmt": ()}
_OWN = re.compile(r"^(shared|\d\d-[a-z0-9-]+|tests|tools)/")


def check(root: Path, names: list[str]) -> list[Finding]:
    found = []
    for name in names:
        if not name.endswith((".h", ".cpp")):
            continue
        for include in cpp_scan.includes((root / name).read_text(encoding="utf-8")):
            problem = _problem(root, name, include)
            if problem:
                found.append(Finding(name, include.line, f'includes {include.name}: {problem}'))
    return found


def _problem(root: Path, name: str, include: cpp_scan.Include) -> str | None:
    heavy = _heavy_problem(name, include.name)
    if heavy or not include.quoted:
        return heavy
    if not _OWN.match(include.name):
        return "our includes are written from the root"
    if not (root / include.name).is_file():
        return "there is no such file"
    if include.name.endswith(".cpp"):
        return "a .cpp is never included"
    return direction_problem(name, include.name)


def _heavy_problem(name: str, included: str) -> str | None:
    for library, pattern in HEAVY.items():
        if not re.match(pattern, included):
            continue
        if library == "asio" and not name.startswith(ASIO_FOLDERS):
            return f"Asio stays in {', '.join(folder.rstrip('/') for folder in ASIO_FOLDERS)}"
        allowed = HEAVY_IN_HEADERS.get(library)
        if allowed is not None and name.endswith(".h") and not name.startswith(allowed):
            return f"{library} in a header slows down every unit that reads it"
    return None


def direction_problem(name: str, included: str) -> str | None:
    """Why `name` may not include `included`; both are paths from the root."""
    is_test = name.endswith(("_test.cpp", "_fuzz.cpp")) or "/probes/" in name
    source, target = name.split("/"), included.split("/")
    if target[:2] == ["shared", "testing"]:
        inside = source[:2] == ["shared", "testing"] or source[0] in ("tests", "tools")
        return None if is_test or inside else "shared/testing is for tests"
    if source[0] == "shared":
        return _shared_problem(source[1], target)
    number = tree.stage_number(name)
    if number is None:
        return None
    return _stage_problem(number, source, target) or _full_problem(source, target)


def _shared_problem(folder: str, target: list[str]) -> str | None:
    if target[0] != "shared":
        return "shared/ includes no stage"
    allowed = SHARED.get(folder)
    if allowed is None:
        return f"shared/{folder} is not a folder of the architecture"
    if target[1] != folder and target[1] not in allowed:
        others = ", ".join(f"shared/{name}" for name in sorted(allowed)) or "nothing else"
        return f"shared/{folder} may include {others}"
    return None


def _stage_problem(number: int, source: list[str], target: list[str]) -> str | None:
    other = tree.stage_number("/".join(target))
    if other is not None and other > number:
        return "a stage never includes a later one"
    allowed = EARLY_STAGES.get(number)
    if allowed is not None and target[0] == "shared" and target[1] not in allowed:
        return f"stage {number:02} stands on {', '.join(f'shared/{n}' for n in sorted(allowed))} only"
    return None


def _full_problem(source: list[str], target: list[str]) -> str | None:
    """Inside the full server: commands, types and capabilities know each other in one direction."""
    if source[0] != FULL or len(source) < 3:
        return None                              # the composition root knows everybody
    mine, other = source[1], target[1] if target[0] == FULL and len(target) > 2 else None
    if mine == "commands" and target[:2] == ["shared", "net"]:
        return "commands know no sockets"
    if mine in CAPABILITIES and other == "commands":
        return "a capability never includes commands/"
    if mine in CAPABILITIES and other in CAPABILITIES and other != mine:
        return "capabilities meet through the change sink and the composition root"
    if mine == "types" and (other == "commands" or other in CAPABILITIES):
        return "types know neither commands nor capabilities"
    if mine == "bench" and target[0] == FULL and other != "bench":
        return "the benchmark knows no server"
    return None


# --- heavy headers, through any number of includes ---------------------------------------------

def check_asio_reach(root: Path, names: list[str]) -> list[Finding]:
    """Headers outside the folders of Asio that still drag it in, through headers of shared/net.

    shared/server may: it is built on sessions. Everything below and beside it may not.
    """
    headers = {n: [i.name for i in cpp_scan.includes((root / n).read_text(encoding="utf-8"))]
               for n in names if n.endswith(".h")}
    reaches: dict[str, bool] = {}

    def reach(name: str) -> bool:
        if name not in reaches:
            reaches[name] = False                # cuts a cycle
            reaches[name] = any(re.match(HEAVY["asio"], i) or (i in headers and reach(i))
                                for i in headers[name])
        return reaches[name]

    light = ("shared/util/", "shared/resp/", "shared/keyspace/", "shared/command/",
             f"{FULL}/commands/", f"{FULL}/types/")
    return [Finding(n, 0, "drags in Asio, and with it seconds for every unit that includes it")
            for n in sorted(headers) if n.startswith(light) and reach(n)]
