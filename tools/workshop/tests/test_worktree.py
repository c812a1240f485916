# SPDX-License-Identifier: MIT
import unittest

from workshop import git, regions, worktree
from workshop.tests.mini import PARSER, Mini

MINE = regions.replace_body(regions.render(PARSER, regions.stage_policy("02")), "02.1", "  return my_parse();")


class Merge(unittest.TestCase):
    def merge(self, mine, stage, take=(), base=None, reference=PARSER):
        return worktree.merge("shared/parser.cpp", reference, mine, base, stage, frozenset(take))

    def test_a_first_start_gives_stubs_and_quiet_bodies(self):
        merged = self.merge(None, "02")
        self.assertEqual(merged.text, regions.render(PARSER, regions.stage_policy("02")))
        self.assertEqual(merged.stubs, ["02.1"])

    def test_a_body_of_the_learner_survives_the_same_stage(self):
        merged = self.merge(MINE, "02")
        self.assertEqual((merged.text, merged.own, merged.stubs), (MINE, ["02.1"], []))

    def test_the_next_stage_keeps_green_bodies_and_brings_its_tasks(self):
        merged = self.merge(MINE, "03")
        self.assertIn("return my_parse();", merged.text)
        self.assertIn('todo("03.1");', merged.text)
        self.assertNotIn("arrives", merged.text)
        self.assertEqual((merged.own, merged.stubs), (["02.1"], ["03.1"]))

    def test_a_red_body_gives_way_and_is_handed_back(self):
        merged = self.merge(MINE, "03", take=["02.1"])
        self.assertIn("return 1;", merged.text)
        self.assertEqual(merged.replaced, {"02.1": "  return my_parse();"})

    def test_a_stub_left_open_stays_open_unless_the_reference_is_taken(self):
        starter = regions.render(PARSER, regions.stage_policy("02"))
        self.assertEqual(self.merge(starter, "03").stubs, ["02.1", "03.1"])
        merged = self.merge(starter, "03", take=["02.1"])
        self.assertEqual((merged.given, merged.replaced), (["02.1"], {}))

    def test_going_back_to_an_earlier_stage_takes_nothing_away(self):
        later = self.merge(MINE, "03").text
        later = regions.replace_body(later, "03.1", "  return mine();")
        merged = self.merge(later, "02")
        self.assertEqual(merged.text, later)

    def test_edits_outside_regions_are_kept_and_told(self):
        edited = MINE.replace('#include "shared/parser.h"', '#include "shared/parser.h"\n#include <map>')
        merged = self.merge(edited, "03", base=regions.render(PARSER, regions.stage_policy("02")))
        self.assertTrue(merged.edited_outside)
        self.assertIn("#include <map>", merged.text)
        self.assertIn('todo("03.1");', merged.text)

    def test_a_newer_reference_is_no_edit_of_the_learner(self):
        base = regions.render(PARSER, regions.stage_policy("02"))
        newer = PARSER.replace("#include", "// newer\n#include")
        merged = self.merge(MINE, "02", base=base, reference=newer)
        self.assertFalse(merged.edited_outside)
        self.assertTrue(merged.text.startswith("// newer"))
        self.assertIn("return my_parse();", merged.text)

    def test_older_stubs_and_quiet_bodies_are_nobodys(self):
        older = PARSER.replace("//quiet: return 0;", "//quiet: return -1;\n  //stub: old();")
        given = self.merge(None, "02", reference=older)
        merged = worktree.merge("shared/parser.cpp", PARSER, given.text, given.text, "03", frozenset(), given.bare)
        self.assertEqual(merged.stubs, ["02.1", "03.1"])
        self.assertIn('todo("03.1");', merged.text)

    def test_a_half_written_body_is_never_taken_for_a_stub(self):
        half = MINE.replace("return my_parse();", 'first();\n  todo("02.1");')
        once = self.merge(half, "02")
        again = worktree.merge("shared/parser.cpp", PARSER, once.text, once.text, "02", frozenset(), once.bare)
        self.assertEqual((once.own, again.own, again.text), (["02.1"], ["02.1"], half))

    def test_lost_marks_are_told(self):
        broken = MINE.replace("  // [03.1 begin] believe no length — arrives in 03.1\n", "")
        broken = broken.replace("  // [03.1 end]\n", "")
        merged = self.merge(broken, "03")
        self.assertEqual(merged.missing, ["03.1"])
        self.assertIn("return my_parse();", merged.text)


class Start(unittest.TestCase):
    def setUp(self):
        self.mini = Mini(self)

    def start(self, stage, take=()):
        project = self.mini.project()
        return worktree.start(project, project.stage(stage), frozenset(take))

    def log(self):
        return git.git(self.mini.root / "work", "log", "--format=%s").splitlines()

    def test_only_files_with_tasks_come_into_the_tree(self):
        self.start("02")
        files = sorted(p.relative_to(self.mini.root / "work").as_posix() for p in (self.mini.root / "work").rglob("*.cpp"))
        self.assertEqual(files, ["02-resp-parser/session.cpp", "shared/parser.cpp"])
        self.assertIn('todo("02.2");  // one line', self.mini.read("work/02-resp-parser/session.cpp"))
        self.assertIn("return 0;", self.mini.read("work/shared/parser.cpp"))
        self.assertEqual(self.mini.project().state.stage, "02")

    def test_the_tree_is_committed_before_and_after(self):
        self.start("02")
        self.mini.edit("work/shared/parser.cpp", 'todo("02.1");', "return 7;")
        self.start("03")
        self.assertEqual(self.log()[:2], ["start-03: the tasks of 03-get-set", "Before start-03"])
        self.assertIn("return 7;", git.show(self.mini.root / "work", "HEAD~1", "shared/parser.cpp"))
        self.assertIn("return 7;", self.mini.read("work/shared/parser.cpp"))
        self.assertIn('todo("03.2");', self.mini.read("work/03-get-set/store.cpp"))

    def test_starting_twice_changes_nothing(self):
        self.start("02")
        self.mini.edit("work/shared/parser.cpp", 'todo("02.1");', "return 7;")
        before = self.mini.read("work/shared/parser.cpp")
        self.start("02")
        self.assertEqual(self.mini.read("work/shared/parser.cpp"), before)

    def test_a_replaced_body_is_kept_in_a_file(self):
        self.start("02")
        self.mini.edit("work/shared/parser.cpp", 'todo("02.1");', "return 7;")
        self.start("03", take=["02.1"])
        self.assertIn("return 1;", self.mini.read("work/shared/parser.cpp"))
        self.assertIn("return 7;", self.mini.read("work/kept/02.1.cpp"))


if __name__ == "__main__":
    unittest.main()
