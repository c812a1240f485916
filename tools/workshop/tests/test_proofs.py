# SPDX-License-Identifier: MIT
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from workshop import exercises, flakes, mutants, oracle, patches, starters
from workshop.proof import Context
from workshop.relink import Build, BuildError
from workshop.tests import miniature

ANSWER = "shared/resp/answer.cpp"
ECHO = "return text + mark();"
MUTANT = {"kills": "02.2", "scenario": "words come back", "message": "expected hello", "why": "a slip"}


class ProofTest(unittest.TestCase):
    """One miniature for all tests of this class; each removes the patches it wrote."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = miniature.build(Path(cls.folder.name).resolve())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def tearDown(self):
        for name in ("mutants", "solutions"):
            shutil.rmtree(self.root / "02-resp-parser" / name, ignore_errors=True)

    @property
    def context(self):
        return Context(self.root)

    def said(self, binary, word):
        return subprocess.run([str(binary), word], capture_output=True, text=True).stdout.strip()

    def add_mutant(self, name, new, header=None, path=ANSWER, old=ECHO, stale=""):
        text = miniature.patch({**MUTANT, **(header or {})}, path, old, new, stale)
        miniature.write(self.root, {f"02-resp-parser/mutants/{name}.patch": text})

    def claims(self, outcomes, about):
        return [o for o in outcomes if about in o.claim]


class Variants(ProofTest):
    def test_a_changed_unit_of_an_archive_hides_the_reference(self):
        text = (self.root / ANSWER).read_text().replace('"PONG"', '"GONG"')
        build = Build(self.root, self.root / "build/test")
        binary = build.variant("02-resp-parser", {ANSWER: text}, self.root / "build/v1")
        self.assertEqual(self.said(binary, "ping"), "GONG")
        self.assertEqual(self.said(build.executable("02-resp-parser"), "ping"), "PONG")

    def test_the_executables_own_unit_is_replaced(self):
        name = "02-resp-parser/server.cpp"
        text = (self.root / name).read_text().replace('"ping"', '"p"')
        binary = Build(self.root, self.root / "build/test").variant(
            "02-resp-parser", {name: text}, self.root / "build/v2")
        self.assertEqual(self.said(binary, "p"), "PONG")

    def test_a_changed_header_compiles_all_that_include_it(self):
        name = "shared/resp/answer.h"
        text = (self.root / name).read_text().replace('return ""', 'return "?"')
        binary = Build(self.root, self.root / "build/test").variant(
            "02-resp-parser", {name: text}, self.root / "build/v3")
        self.assertEqual(self.said(binary, "hello"), "hello?")

    def test_a_new_unit_is_compiled_like_its_neighbours(self):
        text = (self.root / ANSWER).read_text()
        changed = {ANSWER: text.replace("return text + mark();", "extern std::string twice(const std::string&);"
                                        " return twice(text);"),
                   "shared/resp/twice.cpp": "#include <string>\nstd::string twice(const std::string& t) { return t + t; }\n"}
        binary = Build(self.root, self.root / "build/test").variant("02-resp-parser", changed, self.root / "build/v4")
        self.assertEqual(self.said(binary, "ha"), "haha")

    def test_fast_paths_are_off_in_a_variant(self):
        build = Build(self.root, self.root / "build/test")
        binary = build.variant("02-resp-parser", {}, self.root / "build/v5")
        self.assertEqual(self.said(build.executable("02-resp-parser"), "fast"), "quick")
        self.assertEqual(self.said(binary, "fast"), "fast")

    def test_what_does_not_compile_says_so(self):
        with self.assertRaises(BuildError) as caught:
            Build(self.root, self.root / "build/test").variant(
                "02-resp-parser", {ANSWER: "int nonsense"}, self.root / "build/v6")
        self.assertIn("answer.cpp", str(caught.exception))
        self.assertIn("error", caught.exception.log)


class Patches(ProofTest):
    def test_context_must_match_to_the_letter(self):
        diff = miniature.patch({}, ANSWER, ECHO, "return text;", "return nearly;")
        with self.assertRaises(patches.PatchError):
            patches.apply(self.root, diff, [ANSWER])

    def test_the_repository_stays_as_it_is(self):
        before = (self.root / ANSWER).read_text()
        diff = miniature.patch({}, ANSWER, ECHO, "return text;")
        self.assertIn("return text;", patches.apply(self.root, diff, [ANSWER])[ANSWER])
        self.assertEqual((self.root / ANSWER).read_text(), before)


class Starters(ProofTest):
    def test_every_prefix_holds(self):
        outcomes = starters.prove(self.context)
        self.assertEqual([o.claim for o in outcomes if not o.ok], [])
        self.assertEqual(len(outcomes), 4)       # 0: 1 fails · 1: 1 passes, 2 fails · 2: 1 and 2 pass

    def test_a_check_that_needs_no_task_is_found(self):
        path = self.root / "02-resp-parser/checks/02.2-echo.chk"
        text = path.read_text()
        self.addCleanup(path.write_text, text)
        path.write_text("# 02.2  words come back\n> ping < PONG\n")
        failed = [o for o in starters.prove(self.context) if not o.ok]
        self.assertEqual([o.why for o in failed], ["the check passes without the task"])

    def test_later_stages_are_quiet(self):
        context = self.context
        rendered = starters.render_prefix(context, context.taught[0], 2)[ANSWER]
        self.assertIn('return "quiet";', rendered)
        self.assertIn('return "PONG";', rendered)


class Mutants(ProofTest):
    def prove_one(self, name):
        return self.claims(mutants.prove(self.context), f"mutant {name}")[0]

    def test_a_mutant_that_dies_as_told_is_proven(self):
        self.add_mutant("02.2-cut", "return text.substr(1);")
        outcome = self.prove_one("02.2-cut")
        self.assertTrue(outcome.ok, outcome.why + outcome.log)

    def test_a_survivor_is_found(self):
        self.add_mutant("02.2-same", 'return text + "";')
        self.assertEqual(self.prove_one("02.2-same").why, "it survives")

    def test_a_mutant_that_breaks_an_earlier_task_is_found(self):
        self.add_mutant("02.2-early", 'return "GONG";', None, ANSWER, 'return "PONG";')
        self.assertIn("an earlier check fails", self.prove_one("02.2-early").why)

    def test_scenario_and_message_are_compared(self):
        self.add_mutant("02.2-where", "return text.substr(1);", {"scenario": "elsewhere"})
        self.assertIn("not in 'elsewhere'", self.prove_one("02.2-where").why)
        self.add_mutant("02.2-what", "return text.substr(1);", {"message": "expected goodbye"})
        self.assertIn("does not match", self.prove_one("02.2-what").why)

    def test_form(self):
        self.add_mutant("02.2-stale", "return text;", None, ANSWER, ECHO, "return nothing;")
        self.assertEqual(self.prove_one("02.2-stale").why, "the patch does not apply")
        self.add_mutant("02.2-header", "#pragma twice", None, "shared/resp/answer.h", "#pragma once")
        self.assertIn("a mutant is one .cpp", self.prove_one("02.2-header").why)

    def test_every_task_needs_a_mutant(self):
        self.add_mutant("02.2-cut", "return text.substr(1);")
        failed = [o.claim for o in mutants.prove(self.context) if not o.ok]
        self.assertEqual(failed, ["task 02.1 has a mutant"])

    def test_without_tasks_a_mutant_names_a_check_which_stands_alone(self):
        tasks = self.root / "02-resp-parser/tasks.md"
        self.addCleanup(tasks.write_text, tasks.read_text())
        tasks.unlink()
        self.add_mutant("02.2-both", 'return "GONG" + text.substr(1);')      # 02.1 is not asked
        self.add_mutant("02.2-none", "return text.substr(1);", {"kills": "02.7"})
        outcomes = mutants.prove(self.context)
        self.assertEqual([o.claim for o in outcomes if o.ok], ["mutant 02.2-both dies at 02.2"])
        self.assertEqual([o.claim for o in outcomes if not o.ok],
                         ["mutant 02.2-none dies at 02.7"])
        self.assertIn("has no check", self.claims(outcomes, "02.7")[0].why)


class Exercises(ProofTest):
    def add_solution(self, new):
        text = miniature.patch({"exercise": "02.e1"}, ANSWER, ECHO, new)
        miniature.write(self.root, {"02-resp-parser/solutions/e1-loud.patch": text})

    def test_a_check_without_solution_is_found(self):
        self.assertEqual([o.claim for o in exercises.prove(self.context)], ["exercise 02.e1 has a solution"])

    def test_a_solution_that_breaks_the_stage_is_found(self):
        self.add_solution('return text + "!";')
        (outcome,) = exercises.prove(self.context)
        self.assertFalse(outcome.ok)
        self.assertIn("words come back", outcome.why)

    def test_a_solution_must_solve(self):
        self.add_solution("return text;")
        (outcome,) = exercises.prove(self.context)
        self.assertIn("louder", outcome.why)


class OracleAndFlakes(ProofTest):
    def test_every_check_is_asked(self):
        outcomes = oracle.prove(self.context)
        self.assertEqual(len(outcomes), 3)
        self.assertTrue(all(o.ok for o in outcomes), [o.log for o in outcomes])

    def test_repeated_under_load(self):
        (outcome,) = flakes.prove(self.context)
        self.assertTrue(outcome.ok, outcome.log)


if __name__ == "__main__":
    unittest.main()
