# SPDX-License-Identifier: MIT
import unittest
import xml.etree.ElementTree as ElementTree

from harness.stats import Sample
from harness.svg import WIDTH, grouped_bars, percentile_lines

SVG = "{http://www.w3.org/2000/svg}"


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


class SvgTest(unittest.TestCase):
    def test_bars_are_as_long_as_their_medians(self):
        groups = [("GET", [("ours", Sample(200, 180, 220)), ("redis", Sample(100, 100, 100))]),
                  ("SET", [("ours", Sample(50, 40, 60)), ("redis", None)])]
        root = ElementTree.fromstring(grouped_bars("speed <&>", "higher is better", groups))
        bars = [float(r.get("width")) for r in root.iter(f"{SVG}rect") if r.get("height") == "16"]
        self.assertEqual(len(bars), 3)
        self.assertAlmostEqual(bars[0] / bars[1], 2, places=1)
        self.assertAlmostEqual(bars[0] / bars[2], 4, places=1)
        self.assertIn("speed <&> (higher is better)", texts(root))
        self.assertIn("–", texts(root))

    def test_whiskers_stay_inside(self):
        groups = [("GET", [("ours", Sample(1, 0.5, 30)), ("redis", Sample(2, 2, 2))])]
        root = ElementTree.fromstring(grouped_bars("t", "u", groups))
        for line in root.iter(f"{SVG}line"):
            self.assertTrue(0 <= float(line.get("x1")) <= WIDTH and 0 <= float(line.get("x2")) <= WIDTH)

    def test_nothing_measured_still_draws(self):
        ElementTree.fromstring(grouped_bars("t", "u", [("GET", [("ours", None)])]))

    def test_percentiles_rise_on_a_logarithmic_axis(self):
        points = [(label, Sample(value, value * 0.9, value * 1.1))
                  for label, value in (("p50", 10), ("p99", 100), ("max", 1000))]
        root = ElementTree.fromstring(percentile_lines("latency", "µs", [("ours", points), ("redis", points)]))
        curves = [line.get("points") for line in root.iter(f"{SVG}polyline")]
        self.assertEqual(len(curves), 2)
        heights = [float(point.split(",")[1]) for point in curves[0].split()]
        self.assertAlmostEqual(heights[0] - heights[1], heights[1] - heights[2], places=0)  # equal decades
        self.assertGreater(heights[0], heights[2])


if __name__ == "__main__":
    unittest.main()
