"""What is typed into the form of a new run, and what the command line makes of the same."""

import shlex

from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_tui.opening.form import Form
from lstm_tui.options.given import settings_of
from lstm_tui.options.parser import parser_for
from lstm_tui.options.table import FORM


def parsed(line: str) -> Config:
    """What the command line makes of a command."""
    program, *words = shlex.split(line)
    assert program == "lstm-tui"
    given = parser_for("").given(words)
    return preset_config(given["task"], **settings_of(given))


def entries_of(config: Config) -> dict[str, str]:
    """The entries for a run's settings."""
    return dict(Form.of(config).entries)


def first_entries_of(config: Config) -> dict[str, str]:
    """Those of them that the form shows before more is asked for."""
    return {option.name: entries_of(config)[option.name] for option in FORM}


def typed(task: str = "text", preset: str = "default", **entries: str) -> dict[str, str]:
    """Entries of a preset, with some changed."""
    return entries_of(preset_config(task, preset)) | entries
