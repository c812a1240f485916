# SPDX-License-Identifier: MIT
import io
import tempfile
import unittest
from pathlib import Path

from harness.measure import Cell, Results
from harness.report import Report, table
from harness.sections import cpu, speed
from harness.settings import BenchError
from harness.stats import Sample
from harness.terminal import Progress, bar, bars


def result(rate, cpu_us, server_busy=1.0, generator_busy=0.5, hits=None):
    return {"requests_per_second": rate, "server_cpu_us": cpu_us, "server_busy": server_busy,
            "generator_busy": generator_busy, "hits": hits, "requests": 100}


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.cell = Cell("GET", 16, ())
        self.results = Results(["ours", "redis"])
        for rate in (300, 200, 400):
            self.results.add(self.cell, "ours", result(rate, 0.5, hits=90))
            self.results.add(self.cell, "redis", result(rate / 2, 1.0, server_busy=0.6, generator_busy=0.99, hits=100))

    def test_a_table_is_markdown(self):
        self.assertEqual(table(["a", "b"], [["x", 1]]), "| a | b |\n| :-- | --: |\n| x | 1 |")

    def test_sections_carry_medians_ratios_marks_and_pictures(self):
        with tempfile.TemporaryDirectory() as folder:
            report = Report(Path(folder), "report", "Title")
            speed(report, self.results, [self.cell])
            cpu(report, self.results, [self.cell])
            text = report.write().read_text()
            self.assertIn("# Title\n", text)
            self.assertIn("| GET P16 | 300 (200–400) | 100% | 150 (100–200) † | 60% | ×2.00 (2.00–2.00) |", text)
            self.assertIn("| GET P16 | 0.50 | 1.00 | ×2.00 (2.00–2.00) |", text)
            self.assertIn("95.00% were there", text)
            for picture in ("report-speed-p16.svg", "report-cpu-p16.svg"):
                self.assertIn(f"(pictures/{picture})", text)
                self.assertTrue((Path(folder) / "pictures" / picture).read_text().startswith("<svg"))

    def test_an_idle_server_is_marked(self):
        self.assertEqual(self.results.mark(self.cell, "ours"), "")
        self.assertEqual(self.results.mark(self.cell, "redis"), " †")
        idle = Results(["ours"])
        idle.add(self.cell, "ours", result(1, 1, server_busy=0.5, generator_busy=0.5))
        self.assertEqual(idle.mark(self.cell, "ours"), " ‡")

    def test_a_folder_that_cannot_be_written_is_one_line(self):
        with tempfile.NamedTemporaryFile() as file, self.assertRaisesRegex(BenchError, "cannot write the report"):
            Report(Path(file.name), "report", "Title").write()


class TerminalTest(unittest.TestCase):
    def test_a_bar_is_exact_to_an_eighth(self):
        self.assertEqual(bar(1, 4), "████")
        self.assertEqual(bar(0.5, 4), "██")
        self.assertEqual(bar(0.53125, 4), "██▏")
        self.assertEqual(bar(0, 4), "")
        self.assertEqual(bar(7, 4), "████")

    def test_bars_leave_out_what_was_not_measured(self):
        lines = bars("speed", "more", [("GET", [("ours", Sample(4, 3, 5)), ("redis", None)])], width=10)
        self.assertEqual(lines, ["speed (more)", "  GET  ours   ██████████ 4.00 (3.00–5.00)"])
        self.assertEqual(bars("speed", "more", [("GET", [("ours", None)])]), [])

    def test_progress_in_a_log_is_a_line_a_tenth(self):
        log = io.StringIO()
        progress = Progress(200, log)
        for step in range(200):
            progress.step(f"step {step}")
        self.assertEqual(len(log.getvalue().splitlines()), 10)


if __name__ == "__main__":
    unittest.main()
