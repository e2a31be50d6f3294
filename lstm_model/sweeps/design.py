"""What a sweep is asked to do. It stands in its folder, so that the same command goes on and another does not."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model import __version__
from lstm_model.errors import InputError, shortened
from lstm_model.runs.saves import SWEEP
from lstm_model.settings.config import Config
from lstm_model.storage.files import write_whole
from lstm_model.storage.plain_json import read_json
from lstm_model.sweeps.space import Space

MOST = 10**9  # trials, steps or minutes


@dataclass(frozen=True)
class Design:
    """A space around the settings of a run, and how it is searched.

    groups: settings to try, each from `seeds` seeds, that of `base` and those after it. A trial is one run. again: so
    many fresh seeds the winner is trained from again. sha256: of the data.
    """

    base: Config
    space: Space
    groups: int
    sampler: str
    sha256: str
    seeds: int = 1
    pruner: str = "median"
    steps: int | None = None
    minutes: float | None = None
    again: int = 3

    @property
    def trials(self) -> int:
        """How many runs are trials."""
        return self.groups * self.seeds

    def as_dict(self) -> dict[str, Any]:
        """Plain values; equal ones mean the same sweep."""
        return {
            "version": __version__, "base": self.base.as_dict(), "space": self.space.as_dict(), "groups": self.groups,
            "sampler": self.sampler, "sha256": self.sha256, "seeds": self.seeds, "pruner": self.pruner,
            "steps": self.steps, "minutes": self.minutes, "again": self.again,
        }  # fmt: skip

    def keep(self, folder: Path) -> None:
        """Write it into the folder, or hold it against the one that is there: an InputError if it is another."""
        mine = json.loads(json.dumps(self.as_dict()))
        try:
            there = read_json(folder / SWEEP)
        except FileNotFoundError:
            write_whole(folder / SWEEP, (json.dumps(mine, indent=2) + "\n").encode())
            return
        except ValueError:
            there = None
        if not isinstance(there, dict):
            raise InputError(f"{folder / SWEEP} is damaged: name another folder with `save`")
        for name, value in mine.items():
            if there.get(name) != value or type(there.get(name)) is not type(value):
                raise InputError(f"{folder} holds another sweep{self._differs(name, there)}: name another with `save`")

    @classmethod
    def read(cls, folder: Path) -> "Design":
        """That of the sweep which a folder holds. InputError if there is none, or it cannot be read."""
        try:
            there = read_json(folder / SWEEP)
            del there["version"]
            base, space = Config.from_dict(there.pop("base")), Space.from_list(there.pop("space"))
            design = cls(base, space, **there)
            design._require_sense()
        except OSError:
            raise InputError(f"{folder} holds no sweep: name the folder of one with `save`") from None
        except (ValueError, KeyError, TypeError, AttributeError, InputError):
            raise InputError(f"{folder / SWEEP} is damaged, or of another version of the program") from None
        return design

    def _require_sense(self) -> None:
        """A ValueError for what no sweep asks for; the file may have come from anywhere with its folder."""
        counts = (self.groups, self.seeds, self.again, 0 if self.steps is None else self.steps)
        names = [word for dimension in self.space.dimensions for word in (dimension.field, dimension.name)]
        minutes = 0.0 if self.minutes is None else self.minutes
        if not all(type(count) is int and 0 <= count <= MOST for count in counts) or self.seeds == 0:
            raise ValueError("no counts")
        if not all(isinstance(word, str) for word in (self.sampler, self.sha256, self.pruner, *names)):
            raise ValueError("no words")
        if not 0 <= minutes <= MOST:
            raise ValueError("no time")

    @staticmethod
    def _differs(name: str, there: dict[str, Any]) -> str:
        match name:
            case "version":
                return f", begun by lstm-tui {shortened(str(there.get(name)))}"
            case "sha256":
                return ", of other data"
            case "base":
                return ", around other settings"
            case "space":
                return ", which tries other values"
            case "steps" | "minutes":
                return ", with another end of a trial"
            case _:
                return f" (its {name}: {shortened(str(there.get(name)))})"
