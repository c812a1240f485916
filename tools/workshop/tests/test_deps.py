# SPDX-License-Identifier: MIT
"""tools/deps on machines that are not this one: every other command on PATH is played by a script."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("bash", "cksum", "mkdir", "dirname", "readlink", "grep", "head", "tail", "cat", "env")


class Machine:
    """A folder with tools/deps and a PATH of its own."""

    def __init__(self, test):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "deps", self.root / "tools" / "deps")
        self.bin = self.root / "bin"
        self.bin.mkdir()
        for name in NEEDED:
            (self.bin / name).symlink_to(shutil.which(name))
        self.fake("id", "echo 0")

    def fake(self, name, script="exit 0"):
        path = self.bin / name
        path.write_text(f'#!{shutil.which("bash")}\n{script}\n')
        path.chmod(0o755)

    def run(self, *arguments, **environment):
        done = subprocess.run(["bash", str(self.root / "tools" / "deps"), *arguments], text=True, capture_output=True,
                              env={"PATH": str(self.bin), "HOME": os.environ.get("HOME", "/"), **environment})  # fmt: skip
        return done.returncode, done.stdout + done.stderr


class Deps(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(self)

    def with_apt(self, installed):
        cases = "|".join(installed) or "none"
        self.machine.fake("dpkg-query", f'case "${{@: -1}}" in {cases}) printf installed ;; esac')
        self.machine.fake("apt-get", f'echo "$@" >> {self.machine.root}/apt; echo "Setting up x (1)"')

    def asked(self):
        return (self.machine.root / "apt").read_text()

    def test_apt_gets_only_what_is_missing_and_the_second_run_is_silent(self):
        for command in ("g++", "cmake", "ninja", "ccache", "pkg-config", "python3", "redis-server", "redis-cli"):
            self.machine.fake(command)
        self.with_apt(["libfmt-dev", "libasio-dev", "libxxhash-dev", "liblzf-dev", "libjemalloc-dev", "catch2"])
        status, text = self.machine.run()
        self.assertEqual(status, 0, text)
        self.assertIn("deps: installing with apt: netcat-openbsd", text)
        self.assertRegex(self.asked(), r"update\n.*install -y --no-install-recommends netcat-openbsd\n")
        self.assertEqual(self.machine.run("--quiet"), (0, ""))
        self.assertEqual(self.asked().count("update"), 1)

    def test_without_root_or_sudo_one_line_says_what_to_do(self):
        self.with_apt([])
        self.machine.fake("id", "echo 1000")
        status, text = self.machine.run()
        self.assertEqual((status, text.count("\n")), (1, 1))
        self.assertRegex(text, r"^deps: needs root to install: .*g\+\+ .*'make deps' as root")

    def test_a_package_that_is_not_there_is_one_clear_failure(self):
        self.with_apt([])
        self.machine.fake("tee", "cat > /dev/null")
        self.machine.fake("chmod")
        self.machine.fake("rm")
        self.machine.fake("apt-get", 'case "$*" in *install*) echo "E: Unable to locate package catch2"; exit 100 ;; esac')
        status, text = self.machine.run()
        self.assertEqual(status, 1)
        self.assertIn("E: Unable to locate package catch2", text)
        self.assertIn("deps: apt could not install:", text)
        self.assertEqual(self.machine.run()[0], 1)

    def test_dnf_and_brew_have_their_own_names(self):
        self.machine.fake("dnf", f"echo \"$@\" >> {self.machine.root}/asked")
        self.machine.fake("rpm", "exit 1")
        self.assertEqual(self.machine.run()[0], 0)
        self.assertIn("gcc-c++ cmake ninja-build", (self.machine.root / "asked").read_text())
        brew = Machine(self)
        brew.fake("brew", f'case $1 in list) exit 1 ;; esac; echo "$@" >> {brew.root}/asked')
        self.assertEqual(brew.run()[0], 0)
        self.assertRegex((brew.root / "asked").read_text(), r"install cmake ninja ccache pkgconf python .*redis\n")

    def test_no_package_manager(self):
        status, text = self.machine.run()
        self.assertEqual(status, 1)
        self.assertRegex(text, r"no apt, dnf or brew here; install by hand: g\+\+ cmake")

    def test_vcpkg(self):
        self.with_apt(["netcat-openbsd"])
        for command in ("g++", "cmake", "ninja", "ccache", "pkg-config", "python3", "redis-server", "redis-cli"):
            self.machine.fake(command)
        self.assertIn("set VCPKG_ROOT", self.machine.run("--vcpkg")[1])
        vcpkg = self.machine.root / "vcpkg"
        vcpkg.mkdir()
        (vcpkg / "vcpkg").symlink_to(self.machine.bin / "ninja")
        status, text = self.machine.run("--vcpkg", VCPKG_ROOT=str(vcpkg))
        self.assertEqual(status, 0, text)
        note = (self.machine.root / "build" / ".vcpkg-toolchain").read_text()
        self.assertEqual(note.strip(), f"{vcpkg}/scripts/buildsystems/vcpkg.cmake")


if __name__ == "__main__":
    unittest.main()
