# SPDX-License-Identifier: MIT
import unittest

from harness.stats import Sample, ratio_with_spread, ratios, short, with_spread


class StatsTest(unittest.TestCase):
    def test_a_sample_is_median_and_extremes(self):
        self.assertEqual(Sample.of([3, 1, 2]), Sample(2, 1, 3))
        self.assertEqual(Sample.of([1, 4]), Sample(2.5, 1, 4))
        self.assertEqual(Sample.of([5, None]), Sample(5, 5, 5))
        self.assertIsNone(Sample.of([]))
        self.assertIsNone(Sample.of([None]))

    def test_ratios_are_taken_round_by_round(self):
        # Both were disturbed in the second round: the ratio does not see it.
        self.assertEqual(ratios([200, 100, 200], [100, 50, 100]), Sample(2, 2, 2))
        self.assertEqual(ratios([None, 6], [1, 3]), Sample(2, 2, 2))
        self.assertIsNone(ratios([1], [None]))

    def test_three_figures(self):
        for value, expected in ((0, "0.00"), (0.254, "0.25"), (9.999, "10.0"), (12.34, "12.3"), (99.96, "100"),
                                (1234, "1234"), (9999, "10.0 k"), (9990, "9990"), (123456, "123 k"), (999_600, "1.00 M"),
                                (1_234_567, "1.23 M")):
            self.assertEqual(short(value), expected)

    def test_spreads_are_written(self):
        self.assertEqual(with_spread(None), "–")
        self.assertEqual(with_spread(Sample(2, 2, 2)), "2.00")
        self.assertEqual(with_spread(Sample(2, 1, 3)), "2.00 (1.00–3.00)")
        self.assertEqual(ratio_with_spread(Sample(1.5, 1.4, 1.6)), "×1.50 (1.40–1.60)")


if __name__ == "__main__":
    unittest.main()
