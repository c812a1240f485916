# SPDX-License-Identifier: MIT
"""What the figures were measured on: a figure without its machine says nothing."""
import datetime
import os
import platform
import subprocess


def cpu_model():
    try:
        with open("/proc/cpuinfo") as info:
            for line in info:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def memory_gib():
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (ValueError, OSError):
        return None


def git_commit(root):
    def git(*arguments):
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""
    commit = git("rev-parse", "--short", "HEAD")
    return commit + (" with local changes" if commit and git("status", "--porcelain", "-uno") else "")


def build_type(settings):
    """What CMake was told, found from the folder of executables upwards; empty when unknown."""
    names = []
    for folder in (settings.bin_dir.parent / "release", settings.bin_dir.parent, settings.bin_dir.parent.parent):
        try:
            with open(folder / "CMakeCache.txt") as cache:
                names += [line.strip().split("=", 1)[1] for line in cache if line.startswith("CMAKE_BUILD_TYPE:")]
        except OSError:
            continue
        if names:
            return names[0]
    return ""


def describe(settings, servers):
    """(what, value) rows for the report; `servers` are (name, version) pairs."""
    memory = memory_gib()
    rows = [
        ("date", datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")),
        ("CPU", f"{cpu_model()}, {os.cpu_count()} cores"),
        ("memory", f"{memory:.1f} GiB" if memory else "unknown"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("load average before", f"{BEFORE:.2f}" if BEFORE is not None else "unknown"),
    ]
    rows += [(name, version or "no version of its own") for name, version in servers]
    rows += [("workshop", " ".join(filter(None, [git_commit(settings.root), build_type(settings)])))]
    if settings.server_core is None:
        rows.append(("pinning", "none"))
    else:
        rows.append(("pinning", f"servers on core {settings.server_core}, load on core {settings.load_core}"))
    return rows


def _load_average():
    try:
        return os.getloadavg()[0]
    except OSError:
        return None


BEFORE = _load_average()  # taken at import: our own load must not count
