"""What a person chose once and keeps from run to run: theme and keys. What cannot be read is left out, and said so."""

import json
import os
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from lstm_model.errors import InputError, reason_of
from lstm_model.storage.files import write_whole
from lstm_model.storage.home import own_folder
from lstm_model.storage.plain_json import read_json
from lstm_tui.keys.keymap import Keymap
from lstm_tui.keys.own import keymap_of

KINDS = {  # what is kept, and as what
    "theme": (str, "text"), "unit": (str, "text"), "keys": (str, "text"), "keymap": (dict, "object of keys"),
}  # fmt: skip
DAMAGED = "preferences.damaged.json"  # where a file that cannot be read is kept, once something new is chosen


def preferences_file() -> Path:
    """Where they are kept: lstm-tui/preferences.json among the user's settings ($XDG_CONFIG_HOME, or ~/.config)."""
    return own_folder(user_config_path) / "preferences.json"


def preference(name: str) -> str | None:
    """What was chosen, None if nothing was or it cannot be read."""
    chosen = _read()[0].get(name)
    return chosen if isinstance(chosen, str) else None


def chosen_keys(asked: str | None = None) -> tuple[Keymap, list[str]]:
    """The keys a person has chosen, and a line for each thing of the preferences that is left out, and why.

    asked: a set of keys that was asked for this time, which holds instead of the one that was chosen.
    """
    chosen, complaint = _read()
    where = str(preferences_file())
    lines = said = [line for line in (complaint, _of_wrong_types(chosen)) if line]
    own = chosen.get("keymap")
    own = own if isinstance(own, dict) and asked != "default" else {}
    name = asked or preference("keys") or "default"
    for of_set, of_own, instead in ((name, own, "your own keys are left out"), (name, {}, "the usual keys hold")):
        try:
            return keymap_of(of_set, of_own, where), lines
        except InputError as error:
            lines = [*lines, f"{error}; {instead}"]
    return keymap_of("default", {}), [*said, *lines[-1:]]


def prefer(name: str, value: str) -> None:
    """Keep a choice. A home that cannot be written to loses it, and nothing else.

    A file that cannot be read is replaced, and stays beside it as DAMAGED: a comma too much costs nobody their keys.
    """
    file = preferences_file()
    chosen, complaint = _read()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        keep = file.with_name(DAMAGED) if complaint and file.is_file() else None
        write_whole(file, (json.dumps({**chosen, name: value}, indent=2) + "\n").encode(), keep)
    except OSError:
        return


def _of_wrong_types(chosen: dict[str, Any]) -> str:
    """What is left out because it is no text or no object, in a line: "" if nothing is."""
    wrong = [
        f"{name} is no {word}"
        for name, (kind, word) in KINDS.items()
        if name in chosen and not isinstance(chosen[name], kind)
    ]
    return f"{', '.join(wrong)} in {preferences_file()}: what is usual holds there" if wrong else ""


def _read() -> tuple[dict[str, Any], str]:
    """What the file holds, and what is wrong with it, in a line: "" if nothing is, or there is none."""
    file = preferences_file()
    try:
        chosen = read_json(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}, ""
    except OSError as error:
        why = reason_of(error)
    except ValueError as error:
        why = "it is no JSON" if isinstance(error, json.JSONDecodeError | UnicodeError) else str(error)
    else:
        if isinstance(chosen, dict):
            return chosen, ""
        why = "it holds no object"
    return {}, f"{os.fspath(file)} cannot be used ({why}): the usual theme and keys hold"
