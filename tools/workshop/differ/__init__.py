# SPDX-License-Identifier: MIT
"""Random commands to two servers, and every reply compared: `make fuzz-diff`."""
