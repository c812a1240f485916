# SPDX-License-Identifier: MIT
import tempfile
import unittest
from pathlib import Path

from workshop import differences, guide_runs, guides, markdown
from workshop.markdown import parse
from workshop.tests import miniature

SOURCE = """\
// SPDX-License-Identifier: MIT
int first() {
  return 1;
}
int second() {
  // [02.1 begin] the answer
  //stub: return 0;
  int answer = 42;

  return answer;
  // [02.1 end]
}
"""
GUIDE = """\
# Title

[the rule](#rule-2) and [code](session.cpp) and [a part](#4-build-it)

**Rule 2.** Nothing is lost.

## 4 Build it

```cpp region=02.1
old
```

```cpp file=02-resp-parser/session.cpp lines=2-4
int first() {
  return 1;
}
```
"""


class GuideTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name).resolve()
        miniature.write(self.root, {"02-resp-parser/session.cpp": SOURCE, "02-resp-parser/GUIDE.md": GUIDE})

    @property
    def guide(self):
        return self.root / "02-resp-parser/GUIDE.md"

    def said(self):
        return [str(f) for f in guides.check(self.root)]


class Blocks(GuideTest):
    def test_a_block_that_differs_is_found_then_rewritten(self):
        self.assertEqual(self.said(), ["02-resp-parser/GUIDE.md:9: this block differs from its source: run `make guides`"])
        self.assertEqual(guides.rewrite_blocks(self.root), ["02-resp-parser/GUIDE.md"])
        self.assertEqual(self.said(), [])
        self.assertIn("```cpp region=02.1\nint answer = 42;\n\nreturn answer;\n```", self.guide.read_text())
        self.assertEqual(guides.rewrite_blocks(self.root), [])

    def test_lines_that_moved_are_followed(self):
        source = self.root / "02-resp-parser/session.cpp"
        source.write_text("// more above\n\n" + SOURCE)
        guides.rewrite_blocks(self.root)
        self.assertIn("lines=4-6\nint first()", self.guide.read_text())

    def test_lines_that_changed_are_taken_where_they_stood(self):
        source = self.root / "02-resp-parser/session.cpp"
        source.write_text(SOURCE.replace("return 1", "return 7"))
        guides.rewrite_blocks(self.root)
        self.assertIn("lines=2-4\nint first() {\n  return 7;", self.guide.read_text())

    def test_a_missing_source_stops_the_rewriting(self):
        self.guide.write_text("```cpp region=02.9\n```\n")
        with self.assertRaisesRegex(guides.BlockError, r"GUIDE.md:1: no source has a region \[02.9\]"):
            guides.rewrite_blocks(self.root)
        self.guide.write_text("```cpp file=02-resp-parser/gone.cpp\n```\n")
        self.assertIn("there is no file", self.said()[0])

    def test_two_regions_of_a_task_and_one_by_letter(self):
        text = SOURCE.replace("02.1 ", "02.1a ") + "void f() {\n// [02.1b begin]\n  g();\n// [02.1b end]\n}\n"
        (self.root / "02-resp-parser/session.cpp").write_text(text)
        guides.rewrite_blocks(self.root)
        self.assertIn("return answer;\n\ng();\n```", self.guide.read_text())
        self.guide.write_text("```cpp region=02.1b\n```\n")
        guides.rewrite_blocks(self.root)
        self.assertEqual(self.guide.read_text(), "```cpp region=02.1b\ng();\n```\n")


class Tags(unittest.TestCase):
    def problem(self, opening, body="$ ls\n"):
        (fence,) = parse(f"```{opening}\n{body}```\n").fences
        return guides.tag_problem(fence)

    def test_good_openings(self):
        for opening in ("text chk=02.1", "text chk=02.e1", "cpp region=02.3b", "cpp file=a.h lines=1-2", "console",
                        "console captured=2026-11-21", "text figure", "cpp sketch"):
            self.assertIsNone(self.problem(opening), opening)

    def test_bad_openings(self):
        for opening in ("", "cpp", "text", "text chk=2.1", "cpp region=x", "cpp file=a.h lines=3",
                        "console captured=yesterday", "bash", "console chk=02.1"):
            self.assertIsNotNone(self.problem(opening), opening)

    def test_a_console_block_shows_a_command(self):
        self.assertIn("'$ '", self.problem("console", "output only\n"))

    def test_a_fence_left_open(self):
        self.assertIn("never closed", guides.tag_problem(parse("```text figure\n").fences[0]))


class Links(GuideTest):
    def links(self, text):
        self.guide.write_text(text)
        return [f.text for f in guides.check_links(self.root)]

    def test_good_links(self):
        self.assertEqual(self.links(GUIDE), [])
        self.assertEqual(self.links("[home](../02-resp-parser/) [out](https://redis.io/docs/)\n"), [])

    def test_bad_links(self):
        self.assertEqual(self.links("[x](gone.md)\n"), ["the link gone.md leads nowhere"])
        self.assertIn("names an anchor", self.links("[x](#nothing)\n")[0])
        self.assertIn("leaves the repository", self.links("[x](../../)\n")[0])
        self.assertIn("not a usable address", self.links("[x](htp://a)\n")[0])

    def test_code_is_no_link(self):
        self.assertEqual(self.links("`[x](gone.md)` and\n```text figure\n[x](gone.md)\n```\n"), [])

    def test_slugs(self):
        self.assertEqual(markdown.slug("2 The idea, and its `bytes`"), "2-the-idea-and-its-bytes")
        self.assertEqual(parse("## A\n## A\n").anchors, {"a", "a-1"})


class Sessions(unittest.TestCase):
    def judge(self, text, *printed, shape=False):
        (fence,) = parse(f"```console\n{text}```\n").fences
        output = "".join(piece + guide_runs._MARK + "\n" for piece in printed)
        return guide_runs.judge(guide_runs.steps(fence), output, 0, "claim", shape)

    def test_steps(self):
        (fence,) = parse("```console\n$ one \\\n  more\nout\n$ two\n```\n").fences
        self.assertEqual([(s.command, s.expected) for s in guide_runs.steps(fence)],
                         [("one \\\n  more", ["out"]), ("two", [])])

    def test_output_is_compared(self):
        self.assertTrue(self.judge("$ ls\na\n", "a\n").ok)
        self.assertTrue(self.judge("$ ls\n...\nb...\n", "a\nx\nbcd\n").ok)
        self.assertFalse(self.judge("$ ls\na\n", "b\n").ok)
        self.assertFalse(self.judge("$ ls\n", "b\n").ok)
        self.assertFalse(self.judge("$ ls\na\n$ pwd\n/\n", "a\n").ok)

    def test_shape_ignores_figures(self):
        self.assertTrue(self.judge("$ top\n1.5 s   3 calls\n", "20.25 s 4 calls\n", shape=True).ok)
        self.assertFalse(self.judge("$ top\n1.5 s   3 calls\n", "20.25 s 4 errors\n", shape=True).ok)

    def test_a_transcript_gets_a_header(self):
        (fence,) = parse("```text chk=02.1\n> PING < +PONG\n```\n").fences
        self.assertEqual(guide_runs.as_scenario(fence, "02/GUIDE.md"),
                         "# 02.1  02/GUIDE.md, line 1\n> PING < +PONG\n")


class Differences(GuideTest):
    def test_both_sources_and_up_to_date(self):
        miniature.write(self.root, {
            "02-resp-parser/checks/02.1-x.chk": "# 02.1  a bulk too long  pts: 2\n> PING < -ERR  @differs we close at once\n",
            "02-resp-parser/GUIDE.md": "### Differences from Redis\n\n- ours is [smaller](session.cpp)\n\n## Next\n"})
        self.assertTrue(differences.check(self.root))
        self.assertTrue(differences.write(self.root))
        page = (self.root / differences.PAGE).read_text()
        self.assertIn("- ours is [smaller](../02-resp-parser/session.cpp)", page)
        self.assertIn("- we close at once — shown by [a bulk too long](../02-resp-parser/checks/02.1-x.chk)", page)
        self.assertFalse(differences.write(self.root))
        self.assertEqual(differences.check(self.root), [])
        self.assertEqual(guides.check_links(self.root), [])


if __name__ == "__main__":
    unittest.main()
