# SPDX-License-Identifier: MIT
import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from workshop import builds, checker, proof, verify
from workshop.proof import Context, Outcome, Skip
from workshop.tests import miniature


class Steps(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name).resolve()
        self.context = Context(self.root)

    def run_step(self, prove):
        return verify.run_step(self.context, "step", prove)

    def test_passed_failed_skipped(self):
        result = self.run_step(lambda c: [Outcome("a", True), Outcome("b", False, "why", "log of b")])
        self.assertEqual((result.passed, result.failed), (1, 1))
        log = verify.write_log(self.context, result)
        self.assertIn("FAILED: b: why\nlog of b", log.read_text())

        def skip(_):
            raise Skip("not here")
        result = self.run_step(skip)
        self.assertEqual((result.failed, result.skipped), (0, "not here"))
        self.assertIn("skipped: not here", verify.table([result]))

    def test_a_proof_that_breaks_is_a_failure(self):
        result = self.run_step(lambda c: 1 // 0)
        self.assertEqual(result.failed, 1)
        self.assertIn("ZeroDivisionError", result.outcomes[0].why)

    def test_a_missing_build_is_one_line(self):
        result = self.run_step(lambda c: [c.checker])
        self.assertIn("workshop-check is not built", result.outcomes[0].why)

    def test_fuzz_targets_are_named_as_cmake_names_them(self):
        miniature.write(self.root, {"shared/resp/request_parser_fuzz.cpp": "", "05-aof/log_fuzz.cpp": ""})
        self.assertEqual(builds.fuzz_targets(self.root), ["fuzz-log", "fuzz-request-parser"])

    def test_unknown_steps_and_stages(self):
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
            verify._parse(["nonsense"])
        with self.assertRaises(SystemExit):
            verify._stage_number(self.root, "77")
        self.assertEqual(verify._stage_number(self.root, "2"), "02")

    def test_two_at_a_time_keeps_the_order(self):
        self.assertEqual(proof.two_at_a_time(lambda n: n * n, range(5)), [0, 1, 4, 9, 16])


class Running(unittest.TestCase):
    def test_what_a_command_started_ends_with_it(self):
        status, output = checker.run_in_group(["bash", "-c", "sleep 30 & echo on; echo off >&2; exit 3"], 10)
        self.assertEqual((status, output), (3, "on\noff\n"))

    def test_a_timeout_is_told(self):
        status, output = checker.run_in_group(["sleep", "30"], 0.2)
        self.assertEqual(status, 124)
        self.assertIn("no end after", output)

    def test_summary(self):
        verdict = checker.read_verdict(1, "x\n3 passed, 1 failed\n", Path("/nonexistent"))
        self.assertEqual((verdict.passed, verdict.failed, verdict.ok), (3, 1, False))


if __name__ == "__main__":
    unittest.main()
