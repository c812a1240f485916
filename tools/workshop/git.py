# SPDX-License-Identifier: MIT
"""The few git commands that the learner's tree needs."""

import subprocess

from workshop.project import Failure

# The learner's own settings for signing and hooks don't concern a tree that a tool keeps for them.
_PLAIN = ["-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false"]


def git(directory, *arguments, check=True):
    """Runs git in a directory that is its own repository; returns its output."""
    done = subprocess.run(["git", *_PLAIN, *arguments], cwd=directory, text=True, capture_output=True)
    if check and done.returncode != 0:
        raise Failure(f"git {' '.join(arguments)} in {directory}: {done.stderr.strip()}")
    return done.stdout


def init(directory):
    """A repository with an identity, whatever the machine knows of its user."""
    git(directory, "init", "-q")
    if not git(directory, "config", "user.email", check=False).strip():
        git(directory, "config", "user.name", "Learner")
        git(directory, "config", "user.email", "learner@localhost")


def commit(directory, message):
    """Commits everything; returns the commit, new or not."""
    git(directory, "add", "-A")
    if git(directory, "status", "--porcelain").strip() or not git(directory, "rev-parse", "-q", "--verify", "HEAD", check=False):
        git(directory, "commit", "-q", "--allow-empty", "-m", message)
    return git(directory, "rev-parse", "HEAD").strip()


def show(directory, revision, path):
    """A file of a commit; None when it is not there."""
    if not revision:
        return None
    done = subprocess.run(["git", "show", f"{revision}:{path}"], cwd=directory, capture_output=True)
    return done.stdout.decode("utf-8") if done.returncode == 0 else None
