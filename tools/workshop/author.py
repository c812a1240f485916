# SPDX-License-Identifier: MIT
"""`make guides`: what is generated from the sources is brought up to date, then checked."""

from workshop import differences
from workshop import guides as guide_files
from workshop.project import say


def guides(project):
    if differences.write(project.root):
        say(f"{differences.PAGE}: written")
    return guide_files.main(project.root, rewrite=True)
