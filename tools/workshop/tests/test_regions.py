# SPDX-License-Identifier: MIT
import unittest

from workshop import regions

TEXT = """#include "a.h"
void expire() {
  // [04.2 begin] delete what has expired
  //stub: todo("04.2");
  //quiet: (void)entry;
  //quiet:   (void)more;
  sink();

  erase(entry);  // gone
  // [04.2 end]
}
int plain() {
  // [03.1 begin]
  return 1;
  // [03.1 end]
}
"""


class Regions(unittest.TestCase):
    def test_parses_marks_bodies_and_directives(self):
        expire, plain = regions.parse(TEXT)
        self.assertEqual((expire.id, expire.task, expire.stage), ("04.2", "04.2", "04"))
        self.assertEqual(expire.title, "delete what has expired")
        self.assertEqual(expire.stub, ('  todo("04.2");',))
        self.assertEqual(expire.quiet, ("  (void)entry;", "    (void)more;"))
        self.assertEqual(expire.line_count, 2)
        self.assertIsNone(plain.stub)

    def test_three_renderings(self):
        reference = regions.render(TEXT, {})
        self.assertNotIn("stub:", reference)
        self.assertIn("  sink();\n\n  erase(entry);", reference)
        starter = regions.render(TEXT, regions.stage_policy("03"))
        self.assertIn("  // [04.2 begin] delete what has expired — arrives in 04.2\n  (void)entry;", starter)
        self.assertIn('  // [03.1 begin]\n  todo("03.1");\n  // [03.1 end]', starter)
        self.assertNotIn("erase", starter)
        later = regions.render(TEXT, regions.stage_policy("05"))
        self.assertEqual(later, reference)

    def test_a_rendering_is_parsed_again(self):
        quiet = regions.render(TEXT, lambda task: regions.QUIET)
        expire, plain = regions.parse(quiet)
        self.assertTrue(expire.arrives)
        self.assertEqual(expire.title, "delete what has expired")
        self.assertEqual(plain.body, ())

    def test_replace_body_and_graft(self):
        mine = regions.replace_body(TEXT, "03.1", "  return 2;")
        self.assertEqual(regions.body(mine, "03.1"), "  return 2;")
        self.assertEqual(regions.body(mine, "04.2"), regions.body(TEXT, "04.2"))
        stub = regions.render(TEXT, regions.stage_policy("04"))
        self.assertEqual(regions.body(regions.graft(stub, mine, ["03.1"]), "03.1"), "  return 2;")
        with self.assertRaises(KeyError):
            regions.replace_body(TEXT, "09.9", "")

    def test_outside_is_the_same_in_every_rendering(self):
        for rendering in regions.RENDERINGS:
            rendered = regions.render(TEXT, lambda task, r=rendering: r)
            self.assertEqual(regions.outside(rendered), regions.outside(TEXT))

    def test_letters_tell_regions_of_one_task_apart(self):
        text = "// [05.2a begin]\nx\n// [05.2a end]\n// [05.2b begin]\ny\n// [05.2b end]"
        self.assertEqual([r.task for r in regions.parse(text)], ["05.2", "05.2"])

    def test_bad_marks_name_the_line(self):
        for text, message in (
            ("// [04.2 begin]\n", "a.cpp:1: .*never ended"),
            ("// [04.2 end]\n", "a.cpp:1: .*without"),
            ("// [04.2 begin]\n// [04.3 begin]\n", "a.cpp:2: .*nest"),
            ("// [04.2 begin]\n// [04.2 end]\n// [04.2 begin]\n// [04.2 end]", "a.cpp:3: .*twice"),
            ("//[4.2 begin]\n", "a.cpp:1: .*looks like"),
        ):
            with self.subTest(text), self.assertRaisesRegex(regions.RegionError, message):
                regions.parse(text, "a.cpp")


if __name__ == "__main__":
    unittest.main()
