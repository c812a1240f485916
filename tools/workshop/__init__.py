# SPDX-License-Identifier: MIT
"""The tools behind `make`: what a learner, an author and an instructor run."""
