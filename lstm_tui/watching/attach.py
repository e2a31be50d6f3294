"""`lstm-tui attach`: which run is brought back on the screen."""

from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.remote.standing import Doing, read_standing
from lstm_model.runs.saves import saves_root
from lstm_model.storage.claim import LOCK
from lstm_model.storage.holder import holder_of
from lstm_tui.opening.where import folder_meant
from lstm_tui.options.given import Given
from lstm_tui.telling.teller import Teller
from lstm_tui.visible import pasteable
from lstm_tui.watching.alone import Alone
from lstm_tui.watching.watch import is_own, watching


def attach(given: Given, teller: Teller) -> Alone:
    """The run that a person means, else the newest that trains; with its keys, if it is the person's own."""
    folder = attached(given)
    return brought_back(folder, teller, controls=is_own(folder))


def brought_back(folder: Path, teller: Teller, *, controls: bool) -> Alone:
    """A run on the screen that goes on when the screen goes."""
    return watching(folder, teller, f"lstm-tui attach {pasteable(str(folder))} brings it back", controls=controls)


def attached(given: Given) -> Path:
    """The folder of the run. InputError if none is named and none trains under the saves root."""
    name: Any = given.get("run")
    if name is not None:
        folder = folder_meant(name)
        if not folder.is_dir():
            raise InputError(f"there is no run {name}: `lstm-tui runs` lists those there are")
        return folder
    living = [folder for folder in saves_root().glob("*/") if _lives(folder)]
    if not living:
        raise InputError(f"nothing trains under {saves_root()}: name a run, or begin one with `lstm-tui --detach`")
    return max(living, key=lambda folder: (folder / LOCK).stat().st_mtime)


def _lives(folder: Path) -> bool:
    """Whether a process trains there now, as far as that can be seen."""
    standing = read_standing(folder)
    is_over = standing is not None and standing.status is Doing.ENDED
    return holder_of(folder) is not None and not is_over
