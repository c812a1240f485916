# SPDX-License-Identifier: MIT
import tempfile
import unittest
from pathlib import Path

from workshop import redis_suite
from workshop.project import Failure
from workshop.redis_suite import FileResult, Skip

OUTPUT = """\
Starting test server at port 21079
[ready]: 4711
Testing unit/type/list
[ok]: LPUSH basics (3 ms)
[ok]: says [err]: in its name (1 ms)
[skip]: needs a cluster
[ignore]: large-memory: not run
[err]: RPOP of nothing in tests/unit/type/list.tcl
Expected '1' to be equal to '2'
[exception]: Executing test client: broken pipe.
"""


class RedisSuite(unittest.TestCase):
    def test_lines_are_counted_by_their_mark(self):
        result = FileResult("unit/type/list")
        redis_suite.read_output(OUTPUT, result)
        self.assertEqual((result.passed, result.skipped), (2, 2))
        self.assertEqual(result.failed, ["RPOP of nothing", "Executing test client: broken pipe."])

    def test_every_skip_has_a_file_a_test_and_a_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "skips.txt"
            path.write_text("# comment\n\nunit/info | /LUA | there are no scripts\n", encoding="utf-8")
            self.assertEqual(redis_suite.read_skips(path), [Skip("unit/info", "/LUA", "there are no scripts")])
            path.write_text("unit/info | /LUA\n", encoding="utf-8")
            with self.assertRaisesRegex(Failure, "skips.txt:1"):
                redis_suite.read_skips(path)

    def test_the_page_tells_sums_failures_and_reasons(self):
        results = [FileResult("unit/info", passed=20, skipped=3, failed=["one"]), FileResult("unit/quit", passed=3)]
        page = redis_suite.render(results, [Skip("unit/info", "/LUA", "there are no scripts")])
        self.assertIn("| unit/info | 20 | 1 | 3 |", page)
        self.assertIn("| **all** | 23 | 1 | 3 |", page)
        self.assertIn("- unit/info: one", page)
        self.assertIn("| unit/info | /LUA | there are no scripts |", page)

    def test_the_list_in_the_repository_can_be_read(self):
        root = Path(redis_suite.__file__).resolve().parents[2]
        for skip in redis_suite.read_skips(root / redis_suite.SKIPS):
            self.assertIn(skip.file, redis_suite.FILES)


if __name__ == "__main__":
    unittest.main()
