# SPDX-License-Identifier: MIT
import shutil
import tempfile
import unittest
from pathlib import Path

from workshop import cpp_scan, layout_headers, layout_includes, layout_lessons, layout_sizes, tree
from workshop.markdown import parse
from workshop.tests import miniature

HEAD = "// SPDX-License-Identifier: MIT\n// Owns one thing.\n"


class IncludeDirection(unittest.TestCase):
    def assert_fine(self, name, included):
        self.assertIsNone(layout_includes.direction_problem(name, included), f"{name} -> {included}")

    def assert_wrong(self, name, included):
        self.assertIsNotNone(layout_includes.direction_problem(name, included), f"{name} -> {included}")

    def test_shared(self):
        self.assert_fine("shared/resp/a.h", "shared/util/b.h")
        self.assert_fine("shared/server/a.h", "shared/net/b.h")
        self.assert_fine("shared/net/a.cpp", "shared/resp/b.h")
        self.assert_wrong("shared/util/a.h", "shared/resp/b.h")
        self.assert_wrong("shared/keyspace/a.h", "shared/resp/b.h")
        self.assert_wrong("shared/command/a.cpp", "shared/server/b.h")
        self.assert_wrong("shared/util/a.h", "03-get-set/b.h")
        self.assert_wrong("shared/misc/a.h", "shared/util/b.h")

    def test_stages(self):
        self.assert_fine("04-expiry/a.cpp", "03-get-set/b.h")
        self.assert_wrong("03-get-set/a.cpp", "04-expiry/b.h")
        self.assert_wrong("02-resp-parser/a.cpp", "shared/net/b.h")
        self.assert_fine("02-resp-parser/a.cpp", "shared/resp/b.h")
        self.assert_wrong("04-expiry/a.cpp", "shared/testing/b.h")
        self.assert_fine("04-expiry/a_test.cpp", "shared/testing/b.h")

    def test_full_server(self):
        full = "10-full-server"
        self.assert_fine(f"{full}/server.cpp", f"{full}/commands/list.h")
        self.assert_fine(f"{full}/commands/list.cpp", f"{full}/types/list.h")
        self.assert_wrong(f"{full}/acl/acl.cpp", f"{full}/commands/list.h")
        self.assert_wrong(f"{full}/acl/acl.cpp", f"{full}/cluster/slots.h")
        self.assert_wrong(f"{full}/commands/list.cpp", "shared/net/session.h")
        self.assert_wrong(f"{full}/bench/load.cpp", f"{full}/types/list.h")


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name).resolve()

    def write(self, files):
        miniature.write(self.root, files)
        return tree.files(self.root)


class Includes(InFolder):
    def said(self, files):
        names = self.write(files)
        found = layout_includes.check(self.root, names) + layout_includes.check_asio_reach(self.root, names)
        return [str(f) for f in found]

    def test_heavy_headers(self):
        said = self.said({"shared/util/a.h": '#include <fmt/format.h>\n', "shared/util/a.cpp": '#include <fmt/format.h>\n',
                          "shared/command/b.cpp": "#include <asio.hpp>\n", "shared/net/c.h": "#include <asio/ip/tcp.hpp>\n"})
        self.assertEqual(len(said), 2, said)
        self.assertTrue(said[0].startswith("shared/command/b.cpp:1: includes asio.hpp"))
        self.assertTrue(said[1].startswith("shared/util/a.h:1: includes fmt/format.h"))

    def test_asio_through_another_header(self):
        said = self.said({"shared/net/c.h": "#include <asio/ip/tcp.hpp>\n", "shared/server/s.h": '#include "shared/net/c.h"\n',
                          "10-full-server/commands/d.h": '#include "shared/server/s.h"\n'})
        self.assertEqual(said, ["10-full-server/commands/d.h: drags in Asio, and with it seconds for every unit that includes it"])

    def test_includes_are_root_relative_and_exist(self):
        said = self.said({"shared/util/a.h": '#include "b.h"\n// #include "c.h"\n#include "shared/util/gone.h"\n'})
        self.assertEqual([s.split(": ", 2)[2] for s in said], ["our includes are written from the root", "there is no such file"])


class Sizes(unittest.TestCase):
    def said(self, name, text):
        return [f.text for f in layout_sizes.check_text(name, text)]

    def test_first_lines(self):
        self.assertIn("the first line", self.said("a.cpp", "int a;\n")[0])
        self.assertIn("no header comment", self.said("a.cpp", "// SPDX-License-Identifier: MIT\n\nint a;\n")[0])
        self.assertEqual(self.said("a.h", HEAD), ["has no #pragma once"])

    def test_lengths(self):
        long = "void f() {\n" + "  g();\n" * 50 + "}\n"
        self.assertEqual(self.said("a.cpp", HEAD + long), ["f has 52 lines, the limit is 40"])
        self.assertEqual(self.said("a.cpp", HEAD + long.replace("void f()", 'TEST_CASE("x")')), [])
        self.assertIn("limit is 600", self.said("a.cpp", HEAD + "int a;\n" * 600)[0])


class Functions(unittest.TestCase):
    def names(self, text):
        return [(f.name, f.length) for f in cpp_scan.functions(text)]

    def test_what_is_a_function(self):
        self.assertEqual(self.names("""\
namespace a {
class B : public C<int(int)> {
 public:
  B(int x) : x_{x}, y_(2) {
    f();
  }
  int get() const { return x_; }
  bool operator==(const B&) const { return true; }
};
constexpr Row kRows[] = {
    {"get", 2, run},
    {"set", -3, [](Context& c) { c.run(); }},
};
enum class E { One, Two };
template <typename T, typename = decltype(f())>
auto run(T t = T{}) -> int {
  auto call = [&] {
    if (t) { g("}"); }
  };
  return 1;
}
}
"""), [("B", 3), ("get", 1), ("operator==", 1), ("run", 7)])

    def test_region_marks_do_not_count(self):
        self.assertEqual(self.names("int f() {\n  // [02.1 begin] a\n  //stub: b;\n  c;\n  // [02.1 end]\n}\n"), [("f", 3)])

    def test_literals_and_comments(self):
        self.assertEqual(self.names("int f() { return '{' + 1'000; } // }\nint g() { return R\"(})\"[0]; }\n"),
                         [("f", 1), ("g", 1)])


@unittest.skipUnless(shutil.which("g++"), "needs g++")
class Headers(InFolder):
    def test_alone_and_remembered(self):
        names = self.write({"shared/util/a.h": HEAD + "#pragma once\n#include <string>\nstd::string a();\n",
                            "shared/util/b.h": HEAD + "#pragma once\nstd::string b();\n"})
        found = layout_headers.check(self.root, names)
        self.assertEqual([f.path for f in found], ["shared/util/b.h"])
        headers = layout_headers.Headers(self.root, names, "g++")
        self.assertEqual(list(headers._remembered()), ["shared/util/a.h"])
        self.write({"shared/util/b.h": HEAD + '#pragma once\n#include "shared/util/a.h"\nstd::string b();\n'})
        self.assertEqual(layout_headers.check(self.root, names), [])
        self.write({"shared/util/a.h": HEAD + "#pragma once\nint a();\n"})
        self.assertEqual([f.path for f in layout_headers.check(self.root, names)], ["shared/util/b.h"])

    def test_the_build_proves_what_its_cpp_includes_first(self):
        names = self.write({"shared/util/b.h": HEAD + "#pragma once\nstd::string b();\n",
                            "shared/util/b.cpp": HEAD + '#include "shared/util/b.h"\n'})
        self.assertEqual(layout_headers.check(self.root, names), [])


class Lessons(InFolder):
    def said(self, files):
        names = self.write({**miniature.FILES, **files})
        return [str(f) for f in layout_lessons.check(self.root, names)]

    def test_a_stage_is_whole(self):
        said = self.said({})
        self.assertEqual(said, [f"02-resp-parser/{name}: is missing" for name in ("README.md", "GUIDE.md", "EXERCISES.md")])

    def test_budgets(self):
        body = "".join(f"  step({n});\n" for n in range(30))
        text = f"void f() {{\n  // [02.1 begin] a\n{body}  // [02.1 end]\n}}\n"
        said = self.said({"shared/resp/answer.cpp": text, "02-resp-parser/README.md": "x\n" * 61})
        self.assertIn("02-resp-parser/tasks.md: task 02.1 asks for 30 lines, at most 25", said)
        self.assertIn("02-resp-parser/tasks.md: task 02.2 has no region in the sources", said)
        self.assertIn("02-resp-parser/README.md: has 61 lines, at most 60", said)

    def test_regions_in_headers_and_broken_marks(self):
        mark = "// [02.1 begin] a\n// [02.1 end]\n"
        self.assertIn("never in a header", self.said({"shared/resp/x.h": mark})[0])
        self.assertIn("shared/resp/x.cpp:1: region:", self.said({"shared/resp/x.h": "", "shared/resp/x.cpp": mark[:17] + "\n"})[0])

    def test_machine_paths(self):
        path = "/" + "work/main/x"
        said = self.said({"docs/a.md": f"see {path}\nbut work/02 and /tmp/x are fine\n"})
        self.assertIn("docs/a.md:1: names a path of one machine", said)

    def test_guide(self):
        titles = "".join(f"## {n} {title}\n\n{'word ' * 160}\n\n" for n, title in enumerate(layout_lessons.SECTIONS, 1))
        self.assertEqual(layout_lessons.check_guide("g", parse(titles)), [])
        self.assertIn("eight sections", str(layout_lessons.check_guide("g", parse(titles.replace("## 3", "### 3")))[0]))
        self.assertIn("is called", str(layout_lessons.check_guide("g", parse(titles.replace("Measure", "Time")))[0]))
        self.assertIn("words of prose", str(layout_lessons.check_guide("g", parse(titles.replace("word word", "")))[0]))

    def test_chapter(self):
        text = "# T\n" + "word " * 700 + "\n\n```text chk=10.e2\n> PING < +PONG\n```\n"
        self.assertEqual(layout_lessons.check_chapter("10/guide/02-lists.md", parse(text)), [])
        self.assertIn("chk=10.e3", str(layout_lessons.check_chapter("10/guide/03-lists.md", parse(text))[0]))
        self.assertIn("words of prose", str(layout_lessons.check_chapter("10/guide/02-lists.md", parse("# T\n"))[0]))
        self.assertIn("NN-name", str(layout_lessons.check_chapter("10/guide/lists.md", parse(text))[0]))


if __name__ == "__main__":
    unittest.main()
