# SPDX-License-Identifier: MIT
import tempfile
import unittest
from pathlib import Path

from workshop.catalogue import Catalogue, CatalogueError

TASKS = """# Tasks

## 02.1 an inline line
lines: 15  minutes: 20  files: shared/resp/request_parser.cpp, 02-resp-parser/session.cpp

1. Where does a line end?
2. Look for the newline,
   then for the space.

   And so on.
3. `find('\\n')`

## 02.2 arrays
lines: 22  minutes: 40  files: shared/resp/request_parser.cpp

1. One?
"""
CHECK = """# 02.1  PING answers PONG, always        pts: 3  rule: 2
> PING   < +PONG
# 02.1  two words
> ECHO a < "a"
"""
DIFF = "--- a/shared/x.cpp\n+++ b/shared/x.cpp\n@@ -1 +1 @@\n-a\n+b\n"


class CatalogueTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("02-resp-parser/server.cpp", "int main() {}\n")
        self.write("02-resp-parser/tasks.md", TASKS)
        self.write("02-resp-parser/checks/02.1-inline.chk", CHECK)
        self.write("02-resp-parser/checks/02.10-late.chk", "")
        self.write("02-resp-parser/checks/02.2-array.chk", "")
        self.write("02-resp-parser/checks/02.e1-max.chk", "")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def test_stages(self):
        catalogue = Catalogue(self.root)
        self.assertEqual(len(catalogue.stages), 10)
        self.assertEqual([stage.name for stage in catalogue.written], ["02-resp-parser"])
        self.assertEqual(catalogue.stage("2"), catalogue.stage("02-resp-parser"))
        self.assertFalse(catalogue.stage("05").exists)
        self.assertEqual(catalogue.stage("05").tasks, ())
        with self.assertRaisesRegex(KeyError, "no stage '11'"):
            catalogue.stage("11")

    def test_tasks_and_hints(self):
        first, second = Catalogue(self.root).stage("02").tasks
        self.assertEqual((first.id, first.title, first.lines, first.minutes), ("02.1", "an inline line", 15, 20))
        self.assertEqual(first.files, ("shared/resp/request_parser.cpp", "02-resp-parser/session.cpp"))
        self.assertEqual(len(first.hints), 3)
        self.assertEqual(first.hints[1], "Look for the newline,\nthen for the space.\n\nAnd so on.")
        self.assertEqual(second.hints, ("One?",))

    def test_a_task_without_facts_is_refused(self):
        self.write("02-resp-parser/tasks.md", "## 02.1 x\n\n1. hint\n")
        with self.assertRaisesRegex(CatalogueError, "tasks.md:1: task 02.1 needs"):
            Catalogue(self.root).stage("02").tasks

    def test_checks_in_order_and_their_scenarios(self):
        stage = Catalogue(self.root).stage("02")
        self.assertEqual([check.task for check in stage.checks], ["02.1", "02.2", "02.10", "02.e1"])
        self.assertEqual([check.task for check in stage.task_checks], ["02.1", "02.2", "02.10"])
        one, two = stage.checks[0].scenarios
        self.assertEqual((one.title, one.points, one.rule), ("PING answers PONG, always", 3, 2))
        self.assertEqual((two.title, two.points, two.rule), ("two words", 1, None))

    def test_mutants_and_exercises(self):
        header = "kills: 02.1\nscenario: PING\nmessage: expected .*PONG\nwhy: a reason: here\n"
        self.write("02-resp-parser/mutants/02.1-one.patch", header + "\n" + DIFF)
        self.write("02-resp-parser/mutants/02.1-two.patch", header + "hidden: yes\n\n" + DIFF)
        self.write("02-resp-parser/solutions/e1-max.patch", "exercise: 02.e1\n\n" + DIFF)
        stage = Catalogue(self.root).stage("02")
        one, two = stage.mutants
        self.assertEqual((one.name, one.hidden, two.hidden), ("02.1-one", False, True))
        self.assertEqual((one.why, one.files, one.diff), ("a reason: here", ("shared/x.cpp",), DIFF))
        self.assertEqual(stage.exercises[0].check.name, "max")

    def test_a_mutant_without_headers_is_refused(self):
        self.write("02-resp-parser/mutants/02.1-one.patch", "kills: 02.1\n\n" + DIFF)
        with self.assertRaisesRegex(CatalogueError, "lacks scenario, message, why"):
            Catalogue(self.root).stage("02").mutants

    def test_region_files(self):
        self.write("shared/a.cpp", "// [02.1 begin]\n// [02.1 end]\n")
        self.write("shared/b.cpp", "int b;\n")
        self.assertEqual(list(Catalogue(self.root).region_files()), ["shared/a.cpp"])

    def test_a_later_stage_passes_the_checks_before_it(self):
        self.write("01-tcp-echo/server.cpp", "")
        self.write("01-tcp-echo/checks/01.1-a.chk", "")
        self.write("03-get-set/server.cpp", "")
        self.write("03-get-set/checks/03.1-a.chk", "")
        catalogue = Catalogue(self.root)
        names = lambda stage: [check.task for check in catalogue.checks_up_to(stage)]
        self.assertEqual(names("01"), ["01.1"])
        self.assertEqual(names("03"), ["02.1", "02.2", "02.10", "03.1"])


if __name__ == "__main__":
    unittest.main()
