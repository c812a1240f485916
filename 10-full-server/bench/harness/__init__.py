# SPDX-License-Identifier: MIT
"""The parts of the workshop's benchmark; bench.py is the way in."""
