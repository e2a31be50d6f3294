"""What a form says of the file that is named in it, in two lines: what it is, and the first thing to know of it."""

from dataclasses import dataclass
from typing import Any

from lstm_model.arrays import quietly
from lstm_model.errors import LSTMError
from lstm_model.progress import quiet
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.home import expanded
from lstm_model.training.fitting import amount_of, changes_for, times
from lstm_tui.options.given import Given, settings_of
from lstm_tui.options.table import SETTINGS
from lstm_tui.options.wording import with_names
from lstm_tui.reports.described import describe

MOST = 64_000_000  # bytes of a file that is read at once


@dataclass(frozen=True)
class Glance:
    """What was seen of a file."""

    data: str  # as it was named
    lines: tuple[str, ...]


@quietly
def glance(task: str, data: str, given: Given) -> Glance:
    """Look at a file as a run with the given options would read it. Whoever starts a run learns of what is wrong."""
    path = expanded(data)
    reading = {name: given[name] for name in given if name == "split" or (name in SETTINGS and _reads(name))}
    try:
        if path.is_dir():
            return Glance(data, ("a folder: `lstm-tui data` shows how it is read",))
        if not path.is_file():
            return Glance(data, ())
        if path.stat().st_size > MOST:
            return Glance(data, ("a large file: `lstm-tui data` shows how it is read",))
        found = describe(path, task, {**reading, "data": data}, quiet, quick=True)
    except (LSTMError, OSError, MemoryError) as error:
        return Glance(data, ("it would be refused:", with_names(error)))
    brief = found.brief + _fitting(task, found.learnt_from, given)
    if not found.notes:
        return Glance(data, (brief,))
    more = f" (and {len(found.notes) - 1} more notes: `lstm-tui data`)" if len(found.notes) > 1 else ""
    return Glance(data, (brief, with_names(found.notes[0]) + more))


def _fitting(task: str, items: int | None, given: Given) -> str:
    """Which settings will follow from so much data."""
    if items is None:
        return ""
    settings = {name: value for name, value in settings_of(given).items() if name != "data"}
    config = preset_config(task, **settings)
    ends: dict[str, Any] = {name: given[name] for name in ("steps", "minutes") if name in given}
    amount = amount_of(config, items, kind_of(task).sizes(config), **ends)
    changes = changes_for(config, amount, settings.keys() - {"preset"})
    what = ", ".join(f"{name} {value:g}" for name, value in changes.items())
    return f"; {what}, for it is read {times(amount.passes)}" if what else ""


def _reads(name: str) -> bool:
    """Whether an option says how a file is read."""
    return SETTINGS[name].of_the_data
