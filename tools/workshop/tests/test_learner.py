# SPDX-License-Identifier: MIT
import json
import os
import unittest
from unittest import mock

from workshop import check, handout, learner, overview, regions, serve, worktree
from workshop.grade import Mark, write_reports
from workshop.project import Failure, Options
from workshop.state import State
from workshop.tests.mini import PARSER, Mini, output_of

DIFF = """--- a/02-resp-parser/session.cpp
+++ b/02-resp-parser/session.cpp
@@ -2,5 +2,5 @@
   // [02.2 begin] answer
   //stub: todo("02.2");  // one line
-  return 2;
+  return 3;
   // [02.2 end]
 }
"""
MUTANT = "kills: 02.2\nscenario: works\nmessage: expected\nwhy: it answers three\n\n" + DIFF


class LearnerTest(unittest.TestCase):
    def setUp(self):
        self.mini = Mini(self)

    def started(self, **options):
        project = self.mini.project(**options)
        worktree.start(project, project.stage("02"))
        return project

    def test_the_map_before_the_first_start(self):
        text = output_of(overview.overview, self.mini.project())
        self.assertIn("05  aof           not written yet", text)
        self.assertIn("make start-02", text)

    def test_the_map_leads_through_the_tasks(self):
        project = self.started()
        self.assertIn("02.1 read a line", overview.next_command(project))
        project.state.mark("02.1", True)
        project.state.use_hint("02.1")
        self.assertIn("02.2", overview.next_command(project))
        text = output_of(overview.overview, self.mini.project())
        self.assertRegex(text, r"resp-parser +● ○ +1/2 +18 min +1 hint +<- you are here")
        project.state.mark("02.2", True)
        self.assertEqual(overview.next_command(project), "make start-03")

    def test_hints_come_one_by_one_and_are_counted(self):
        self.started()
        shown = [output_of(learner.hint, self.mini.project()) for _ in range(4)]
        self.assertIn("hint 1 of 3: What ends a line?", shown[0])
        self.assertIn("hint 2 of 3", shown[1])
        self.assertIn("peek T=02.1", shown[3])
        self.assertEqual(self.mini.project().state.hints("02.1"), 3)
        self.assertIn("02.2  answer", output_of(learner.hint, self.mini.project(task="02.2")))

    def test_peek_wants_a_yes_unless_the_task_is_green(self):
        project = self.started(task="02.1")
        with self.assertRaisesRegex(Failure, "YES=1"):
            learner.peek(project)
        self.assertIn("return 1;", output_of(learner.peek, self.mini.project(task="02.1", yes=True)))
        self.assertTrue(self.mini.project().state.peeked("02.1"))
        project.state.mark("02.2", True)
        self.assertIn("return 2;", output_of(learner.peek, self.mini.project(task="02.2")))
        self.assertFalse(self.mini.project().state.peeked("02.2"))

    def test_stages_and_tasks_that_are_not_there(self):
        project = self.mini.project()
        for name, message in (("05", "05-aof is not written yet"), ("77", "no stage '77'")):
            with self.assertRaisesRegex(Failure, message):
                learner.start(project, name)
        with self.assertRaisesRegex(Failure, "no task 02.9"):
            learner.hint(self.mini.project(task="02.9"))

    def test_start_offers_the_reference_when_the_stage_before_is_red(self):
        self.started()
        self.mini.edit("work/shared/parser.cpp", 'todo("02.1");', "return 7;")
        green = lambda project, stage: project.state.mark("02.2", True)
        with mock.patch.object(check, "green_tasks", side_effect=green):
            text = output_of(learner.start, self.mini.project(yes=True), "03")
        self.assertIn("your bodies of 02.1 are in work/kept/", text)
        self.assertIn("return 1;", self.mini.read("work/shared/parser.cpp"))

    def test_start_keeps_green_bodies(self):
        self.started()
        self.mini.edit("work/shared/parser.cpp", 'todo("02.1");', "return 7;")
        green = lambda project, stage: [project.state.mark(task, True) for task in ("02.1", "02.2")]
        with mock.patch.object(check, "green_tasks", side_effect=green):
            text = output_of(learner.start, self.mini.project(), "03")
        self.assertIn("return 7;", self.mini.read("work/shared/parser.cpp"))
        self.assertIn("next: make check", text)

    def test_diff_lists_files_regions_and_roots(self):
        text = output_of(learner.diff, self.mini.project(), "03")
        self.assertIn("03-get-set/store.cpp", text)
        self.assertIn("[03.1] believe no length", text)

    def test_a_mutant_becomes_an_overlay(self):
        self.mini.write("02-resp-parser/mutants/02.2-three.patch", MUTANT)
        project = self.mini.project()
        overlay = serve.patched_overlay(project, project.stage("02").mutants[0])
        self.assertIn("return 3;", (overlay / "02-resp-parser/session.cpp").read_text())
        self.assertIn("return 2;", self.mini.read("02-resp-parser/session.cpp"))
        self.mini.write("02-resp-parser/session.cpp", "int other;\n")
        with self.assertRaisesRegex(Failure, "does not fit"):
            serve.patched_overlay(project, project.stage("02").mutants[0])


class CheckTest(unittest.TestCase):
    """The checker is played by a script that fails for one task."""

    def setUp(self):
        self.mini = Mini(self)
        self.mini.write("build/bin/workshop-check", '#!/bin/sh\necho "$@" >> "$0.log"\ncase "$*" in *02.2*) echo wrong; exit 1;; esac\n')
        os.chmod(self.mini.root / "build/bin/workshop-check", 0o755)
        patches = [mock.patch("workshop.builder.build_preset"), mock.patch("workshop.builder.release_server", return_value="srv")]
        patches.append(mock.patch("workshop.builder.build_overlay", return_value=self.mini.root / "build/work/bin"))
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)

    def run_check(self, name=None, **options):
        text = output_of(lambda: self.__setattr__("status", check.check(self.mini.project(**options), name)))
        return text

    def test_without_a_tree_it_says_so_and_records_nothing(self):
        text = self.run_check()
        self.assertIn("checks the *reference*", text.splitlines()[0])
        self.assertEqual(self.status, 1)
        self.assertFalse((self.mini.root / "work").exists())

    def test_stops_at_the_first_failing_task_and_records(self):
        project = self.mini.project()
        worktree.start(project, project.stage("02"))
        text = self.run_check(seed="42")
        self.assertIn("wrong", text)
        self.assertIn("make check T=02.2 SEED=42", text)
        state = self.mini.project().state
        self.assertEqual((state.passed("02.1"), state.passed("02.2")), (True, False))
        self.assertEqual(state.failure, {"task": "02.2", "seed": 42})

    def test_a_stage_that_is_not_started_is_the_reference_and_not_recorded(self):
        project = self.mini.project()
        worktree.start(project, project.stage("02"))
        text = self.run_check("03")
        self.assertIn("03-get-set is not in work/ yet", text.splitlines()[0])
        self.assertFalse(self.mini.project().state.passed("03.1"))

    def test_one_task_and_any_server(self):
        text = self.run_check(task="02.1", server="./mine --port {port}")
        self.assertEqual(self.status, 0)
        self.assertIn("your program: ./mine", text)
        self.assertIn("--server ./mine --port {port}", self.mini.read("build/bin/workshop-check.log"))
        self.assertTrue(self.mini.project().state.passed("02.1"))

    def test_a_check_that_is_not_there(self):
        with self.assertRaisesRegex(Failure, "no check for 02.e1"):
            self.run_check(task="02.e1")


class SmallThings(unittest.TestCase):
    def test_state_survives_a_broken_file(self):
        mini = Mini(self)
        mini.write("work/.workshop/state.json", "{broken")
        self.assertIsNone(State(mini.root / "work/.workshop/state.json").stage)
        self.assertEqual(mini.read("work/.workshop/state.broken"), "{broken")

    def test_options(self):
        options = Options.from_environment({"T": "02.1", "V": "0", "ASSUME": "yes", "QUICK": "1"})
        self.assertEqual((options.task, options.verbose, options.yes, options.quick), ("02.1", False, True, True))

    def test_a_handout_holds_no_bodies_but_starts(self):
        text = handout.without_bodies(PARSER, "shared/parser.cpp")
        self.assertNotIn("return 31;", text)
        self.assertNotIn("return 1;", text)
        for stage in ("02", "03"):
            merged = worktree.merge("p.cpp", text, None, None, stage, frozenset())
            self.assertEqual(merged.stubs, [f"{stage}.1"])
        self.assertEqual(regions.render(text, lambda t: regions.QUIET), regions.render(PARSER, lambda t: regions.QUIET))
        self.assertEqual(regions.render(text, lambda t: regions.STUB), regions.render(PARSER, lambda t: regions.STUB))

    def test_grade_reports(self):
        mini = Mini(self)
        marks = [Mark("02-resp-parser", "02.1", "works", 2, 2), Mark("02-resp-parser", "02.2", "too", 3, 0, "does not build")]
        target = write_reports(mini.root / "grades", "ada", 7, marks)
        report = json.loads(target.with_name("ada.json").read_text())
        self.assertEqual((report["earned"], report["points"], report["seed"]), (2, 5, 7))
        self.assertIn('failures="1"', target.with_name("ada.xml").read_text())


if __name__ == "__main__":
    unittest.main()
