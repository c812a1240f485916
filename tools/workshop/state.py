# SPDX-License-Identifier: MIT
"""The learner's progress: work/.workshop/state.json. Written whole, by rename; never half."""

import json
import os


class State:
    """Progress by task id. Every change is saved at once, so that nothing is lost to Ctrl-C."""

    def __init__(self, path):
        self.path = path
        self._data = self._load()

    def _load(self):
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (json.JSONDecodeError, UnicodeDecodeError):
            # Progress can be found again with `make check`; a broken file is kept for whoever wants to look.
            os.replace(self.path, self.path.with_suffix(".broken"))
            return {}
        return data if isinstance(data, dict) else {}

    def _save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self._data, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(draft, self.path)

    @property
    def stage(self):
        """The number of the stage that was started last: "05"; None before the first."""
        return self._data.get("stage")

    @property
    def base(self):
        """The commit in work/ that the last `start` made: what the learner was given."""
        return self._data.get("base")

    @property
    def failure(self):
        """The last failing check, {"task", "seed"}, or None."""
        return self._data.get("failure")

    def passed(self, task):
        return task in self._data.get("passed", [])

    def hints(self, task):
        return self._data.get("hints", {}).get(task, 0)

    def peeked(self, task):
        return task in self._data.get("peeked", [])

    def bare(self, path):
        """{region: digest} of the stubs and quiet bodies that the last start put into a file."""
        return self._data.get("bare", {}).get(path, {})

    def start(self, stage, base, bare):
        self._data |= {"stage": stage, "base": base, "bare": bare, "failure": None}
        self._save()

    def mark(self, task, passed):
        """Records a verdict; a task that fails again is no longer passed."""
        marked = set(self._data.get("passed", []))
        changed = marked | {task} if passed else marked - {task}
        self._data["passed"] = sorted(changed)
        self._save()

    def fail(self, task, seed):
        self._data["failure"] = {"task": task, "seed": seed}
        self._save()

    def clear_failure(self):
        self._data["failure"] = None
        self._save()

    def use_hint(self, task):
        hints = self._data.setdefault("hints", {})
        hints[task] = hints.get(task, 0) + 1
        self._save()

    def peek(self, task):
        self._data["peeked"] = sorted({*self._data.get("peeked", []), task})
        self._save()
